import { loadStandaloneConfig } from './standalone.config';
import { welcome } from './welcome';

describe('welcome', () => {
  const gatewayUrl = 'http://127.0.0.1:8080';
  const service = { name: 'providers', url: 'http://127.0.0.1:8102' } as Parameters<typeof welcome>[0]['services'][0];
  const config = loadStandaloneConfig({ GPUBROKER_DATA_DIR: '/srv/gpubroker' });
  const lines = welcome({ gatewayUrl, services: [service], config }).split('\n');

  it('lists every address in one table', () => {
    const rows = lines.filter((line) => /^ {2}\S.*(http:\/\/|\.log$)/.test(line) && !line.includes('curl'));
    expect(new Set(rows.map((row) => row.search(/http:|\/srv/))).size).toBe(1);
    expect(rows.join('\n')).toMatch(/API documentation .*\/api\/v2\/docs\n/);
    expect(rows.join('\n')).toMatch(/providers +http:\/\/127\.0\.0\.1:8102\n/);
    expect(rows.at(-1)).toMatch(/Logs +\/srv\/gpubroker\/logs\/services\.log/);
  });

  it('names three things worth trying', () => {
    expect(lines.filter((line) => line.startsWith(`  curl '${gatewayUrl}/api/v2/`))).toHaveLength(3);
  });
});
