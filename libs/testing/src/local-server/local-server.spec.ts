import { LocalServer } from './local-server';

describe('a local server', () => {
  it('answers over HTTP', async () => {
    const server = await LocalServer.start((request, response) => response.end(`asked for ${request.url}`));
    try {
      expect(await (await fetch(`${server.url}/prices`)).text()).toBe('asked for /prices');
    } finally {
      await server.stop();
    }
  });

  it('comes back at the address it had', async () => {
    const server = new LocalServer((_request, response) => response.end('here'));
    const url = await server.start();
    await server.stop();
    await expect(fetch(url)).rejects.toThrow();
    expect(await server.start()).toBe(url);
    expect(await (await fetch(url)).text()).toBe('here');
    await server.stop();
  });

  it('stops although an answer is still owed', async () => {
    const server = await LocalServer.start(() => undefined);
    const owed = fetch(server.url).catch(() => 'cut');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await server.stop();
    expect(await owed).toBe('cut');
  });

  it('says that its port is taken', async () => {
    const server = await LocalServer.start(() => undefined);
    await expect(server.start()).rejects.toThrow();
    await server.stop();
  });
});
