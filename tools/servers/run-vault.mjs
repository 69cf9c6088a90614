/** Runs a real Vault until Ctrl-C: `node tools/servers/run-vault.mjs`, then start a service with the variables it prints. */
import { startVault } from './vault.mjs';

const KEY = 'gpubroker';
const server = await startVault();
await server.createKey(KEY);
console.log(`VAULT_ADDR=${server.address}\nVAULT_TOKEN=${await server.createToken(KEY)}`);
console.log('Ctrl-C stops it and removes its data.');
const forever = setInterval(() => undefined, 3_600_000);
const stop = () => {
  clearInterval(forever);
  void server.stop();
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
