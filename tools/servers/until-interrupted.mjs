/**
 * Keeps this process alive until Ctrl-C or SIGTERM, then stops the server.
 * @param {{ stop(): Promise<void> }} server
 */
export function untilInterrupted(server) {
  console.log('Ctrl-C stops it and removes its data.');
  const forever = setInterval(() => undefined, 3_600_000);
  const stop = () => {
    clearInterval(forever);
    void server.stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}
