import { ServiceMetrics } from './service-metrics';

describe('ServiceMetrics', () => {
  it('keeps the metrics of each service apart', async () => {
    const first = new ServiceMetrics('first');
    const second = new ServiceMetrics('second');
    first.counter('things_total', 'Things').inc();
    second.counter('things_total', 'Things');
    expect(await first.text()).toContain('things_total{service="first"} 1');
    expect(await second.text()).toContain('things_total{service="second"} 0');
  });

  it('reads a gauge at the time of the scrape', async () => {
    const metrics = new ServiceMetrics('tiny');
    let pending = 1;
    metrics.gauge('pending', 'Waiting', [], (gauge) => {
      gauge.set(pending);
    });
    pending = 7;
    expect(await metrics.text()).toContain('pending{service="tiny"} 7');
  });

  it('sets a gauge by hand', async () => {
    const metrics = new ServiceMetrics('tiny');
    metrics.gauge('state', 'State', ['name']).set({ name: 'a' }, 2);
    expect(await metrics.text()).toContain('state{name="a",service="tiny"} 2');
  });

  it('sorts values into the buckets given', async () => {
    const metrics = new ServiceMetrics('tiny');
    metrics.histogram('size', 'Size', ['kind'], [1, 10]).observe({ kind: 'a' }, 5);
    expect(await metrics.text()).toContain('size_bucket{le="10",service="tiny",kind="a"} 1');
  });

  it('counts a 500 as an error and a 499 not', async () => {
    const metrics = new ServiceMetrics('tiny');
    metrics.observeRequest('GET', '/a', 499, 0.01);
    metrics.observeRequest('GET', '/a', 500, 0.01);
    const text = await metrics.text();
    expect(text).not.toContain('error_count{method="GET",route="/a",status="499"');
    expect(text).toContain('error_count{method="GET",route="/a",status="500",service="tiny"} 1');
  });
});
