import { serviceAddresses } from './service-addresses';

const SERVICES = [
  { name: 'math-core', portVariable: 'MATH_CORE_PORT', defaultPort: 8104 },
  { name: 'providers', portVariable: 'PROVIDERS_PORT', defaultPort: 8102 },
];

describe('serviceAddresses', () => {
  it('are those of the defaults, and of the environment where it names a port', async () => {
    expect(await serviceAddresses(SERVICES, { PROVIDERS_PORT: '9102', MATH_CORE_PORT: '' })).toEqual({
      MATH_CORE_PORT: '8104',
      MATH_CORE_URL: 'http://127.0.0.1:8104',
      PROVIDERS_PORT: '9102',
      PROVIDERS_URL: 'http://127.0.0.1:9102',
    });
  });

  it('turn 0 into a free port for each', async () => {
    const found = await serviceAddresses(SERVICES, { PROVIDERS_PORT: '0', MATH_CORE_PORT: '0' });

    expect(Number(found.PROVIDERS_PORT)).toBeGreaterThan(0);
    expect(found.PROVIDERS_PORT).not.toBe(found.MATH_CORE_PORT);
    expect(found.PROVIDERS_URL).toBe(`http://127.0.0.1:${found.PROVIDERS_PORT ?? ''}`);
  });

  it('leave to the service what is no port', async () => {
    expect(await serviceAddresses(SERVICES.slice(1), { PROVIDERS_PORT: 'http' })).toEqual({});
  });
});
