import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedDataDirectory } from '.';

describe('sharedDataDirectory', () => {
  const before = process.env['GPUBROKER_SHARED'];
  afterEach(() => {
    if (before === undefined) delete process.env['GPUBROKER_SHARED'];
    else process.env['GPUBROKER_SHARED'] = before;
  });

  it('is the folder that the environment names', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gpubroker-shared-'));
    process.env['GPUBROKER_SHARED'] = folder;
    expect(sharedDataDirectory()).toBe(folder);
    rmSync(folder, { recursive: true });
  });

  it('is null when that folder is not there', () => {
    process.env['GPUBROKER_SHARED'] = join(tmpdir(), 'gpubroker-no-such-folder');
    expect(sharedDataDirectory()).toBeNull();
  });

  it('is looked for beside the checkout when the environment names none', () => {
    delete process.env['GPUBROKER_SHARED'];
    expect([null, join(__dirname, '..', '..', '..', '..', '..', 'shared')]).toContain(sharedDataDirectory());
  });
});
