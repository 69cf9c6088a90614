import { loadStandaloneConfig } from './standalone.config';
import type { OwnSuperuser } from './own-superuser';
import { welcome } from './welcome';

describe('welcome', () => {
  const gatewayUrl = 'http://127.0.0.1:8080';
  const service = { name: 'providers', url: 'http://127.0.0.1:8102' } as Parameters<typeof welcome>[0]['services'][0];
  const config = loadStandaloneConfig({ GPUBROKER_DATA_DIR: '/srv/gpubroker' });
  const superuser = {
    env: {},
    email: 'admin@gpubroker.local',
    file: '/srv/gpubroker/superuser.json',
    newPassword: null,
  };
  const shown = (more: Partial<OwnSuperuser> = {}) =>
    welcome({ gatewayUrl, services: [service], config, superuser: { ...superuser, ...more } });
  const lines = shown().split('\n');

  it('lists every address in one table', () => {
    const rows = lines.filter((line) => /^ {2}\S.*(http:\/\/|\.log$)/.test(line) && !line.includes('curl'));
    expect(new Set(rows.map((row) => row.search(/http:|\/srv/))).size).toBe(1);
    expect(rows.join('\n')).toMatch(/API documentation .*\/api\/v2\/docs\n/);
    expect(rows.join('\n')).toMatch(/providers +http:\/\/127\.0\.0\.1:8102\n/);
    expect(rows.at(-1)).toMatch(/Logs +\/srv\/gpubroker\/logs\/services\.log/);
  });

  it.each([
    [{ newPassword: 'made-up' }, 'password made-up (shown once; kept in /srv/gpubroker/superuser.json)'],
    [{}, 'password in /srv/gpubroker/superuser.json'],
    [{ file: null }, 'password as in SUPERUSER_PASSWORD'],
  ])('says who administers: %p', (more, password) => {
    expect(shown(more)).toContain(`Administrator: admin@gpubroker.local, ${password}\n`);
  });

  it('names three things worth trying', () => {
    expect(lines.filter((line) => line.startsWith(`  curl '${gatewayUrl}/api/v2/`))).toHaveLength(3);
  });
});
