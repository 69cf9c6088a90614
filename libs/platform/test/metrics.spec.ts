import { startTiny, type RunningTiny } from './running-tiny';

let tiny: RunningTiny;

beforeEach(async () => {
  tiny = await startTiny({ thrown: new Error('bug') });
});
afterEach(() => tiny.stop());

const metrics = async () => (await tiny.ask('/metrics')).text();

describe('/metrics', () => {
  it('counts by the template of the route, never by its path', async () => {
    for (const id of ['a1', 'b2', 'c3']) await tiny.ask(`/api/v2/things/${id}`);
    const text = await metrics();
    expect(text).toContain('request_count{method="GET",route="/api/v2/things/:id",status="200",service="tiny"} 3');
    expect(text).not.toContain('b2');
  });

  it('counts all unknown paths as one route', async () => {
    for (const path of ['/x1', '/x2', '/x3/y']) await tiny.ask(path);
    const text = await metrics();
    expect(text).toContain('request_count{method="GET",route="(none)",status="404",service="tiny"} 3');
    expect(text).not.toContain('/x1');
  });

  it('counts an error only from 500 on', async () => {
    await tiny.ask('/nowhere');
    await tiny.ask('/api/v2/things/throwing');
    const errors = (await metrics()).split('\n').filter((line) => line.startsWith('error_count{'));
    expect(errors).toEqual(['error_count{method="GET",route="/api/v2/things/throwing",status="500",service="tiny"} 1']);
  });

  it('measures latency in seconds', async () => {
    await tiny.ask('/api/v2/things');
    const text = await metrics();
    expect(text).toMatch(
      /request_latency_seconds_bucket\{le="0.2",service="tiny",method="GET",route="\/api\/v2\/things",status="200"\} 1/,
    );
  });

  it("shows the service's own metrics as Prometheus text", async () => {
    const response = await tiny.ask('/metrics');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await response.text()).toContain('tiny_things_total{service="tiny"} 1');
  });
});
