import { complianceOf } from './cloud-compliance';
import { createProviderRegistry } from './registry';

describe('createProviderRegistry', () => {
  it('knows the clouds by their slugs', () => {
    expect(createProviderRegistry().listAdapters()).toEqual(expect.arrayContaining(['azure', 'runpod', 'vastai']));
  });

  it('says which clouds it knows when asked for another', () => {
    expect(() => createProviderRegistry().getAdapter('nowhere')).toThrow(/known: .*azure.*runpod.*vastai/);
  });
});

describe('complianceOf', () => {
  it('has a source for every cloud with tags, and no tags for a cloud it does not know', () => {
    expect(complianceOf('azure')).toMatchObject({ source: expect.stringContaining('https://') as string });
    expect(complianceOf('nowhere')).toEqual({ tags: [], source: null });
  });
});
