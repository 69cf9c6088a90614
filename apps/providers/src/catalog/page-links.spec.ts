import { pageLinks } from './page-links';

const input = {
  path: '/api/v2/providers',
  raw: { gpu_type: 'h100', compliance_tag: ['soc2', 'hipaa'], page: '2' },
  version: 7,
  page: 2,
  perPage: 10,
  total: 35,
};

describe('links to other pages', () => {
  it('carry the filters and the version', () => {
    const links = pageLinks(input) ?? '';
    expect(links).toContain(
      '</api/v2/providers?gpu_type=h100&compliance_tag=soc2&compliance_tag=hipaa&version=7&page=3>; rel="next"',
    );
    expect(links).toContain('page=1>; rel="prev"');
    expect(links).toContain('page=4>; rel="last"');
  });

  it('are none for a single page', () => {
    expect(pageLinks({ ...input, page: 1, total: 10 })).toBeNull();
  });

  it('lead back from past the end', () => {
    expect(pageLinks({ ...input, page: 99 })).toContain('page=4>; rel="prev"');
  });
});
