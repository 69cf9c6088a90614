/** Runs a real Vault until Ctrl-C: `node tools/servers/run-vault.mjs`, then start a service with the variables it prints. */
import { untilInterrupted } from './until-interrupted.mjs';
import { startVault } from './vault.mjs';

const KEY = 'gpubroker';
const server = await startVault();
await server.createKey(KEY);
console.log(`VAULT_ADDR=${server.address}\nVAULT_TOKEN=${await server.createToken(KEY)}`);
untilInterrupted(server);
