import { Database } from '@gpubroker/persistence/database';
import { isApiError } from '@gpubroker/platform/errors';
import { startFailure } from '@gpubroker/platform/service';
import { NewUsers } from './accounts/new-users';
import { TenantsService } from './accounts/tenants.service';
import { AuditTrail } from './audit/audit-trail';
import { authDatabase } from './auth.database';
import { authService } from './index';
import { PasswordHasher } from './passwords/password-hasher';
import { questions } from './superuser/ask';
import type { SuperuserCredentials } from './superuser/superuser-credentials';
import { Superusers } from './superuser/superusers';

const PATIENCE_MS = 10_000;

/** `nx run auth:create-superuser`: SUPERUSER_EMAIL and SUPERUSER_PASSWORD, or what is typed; exit 1 when nobody was made. */
async function main(): Promise<void> {
  const config = authService.loadConfig(process.env).own;
  const wanted = config.superuser ?? (await askForCredentials());
  const database = await Database.open(authDatabase(config));
  try {
    await database.whenReady(PATIENCE_MS);
    const tenants = new TenantsService();
    const superusers = new Superusers(database, new NewUsers(), tenants, new PasswordHasher(), new AuditTrail());
    const outcome = await superusers.ensure(wanted);
    if (outcome === 'exists') process.exitCode = 1;
    console.log(
      outcome === 'created'
        ? `Created the administrator ${wanted.email}.`
        : `Somebody has the address ${wanted.email} already; nothing was changed.`,
    );
  } finally {
    await database.close();
  }
}

async function askForCredentials(): Promise<SuperuserCredentials> {
  const terminal = questions(process.stdin, process.stdout);
  try {
    const email = (await terminal.ask('E-mail address: '))?.trim() ?? '';
    if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw new Error(`${email || 'Nothing'} is no e-mail address`);
    const password = await terminal.ask('Password: ', { hidden: true });
    const again = await terminal.ask('Password again: ', { hidden: true });
    if (password === null || password !== again) throw new Error('The passwords differ');
    return { email, password };
  } finally {
    terminal.close();
  }
}

main().catch((error: unknown) => {
  console.error(
    isApiError(error)
      ? `auth:create-superuser: ${error.options.details?.[0]?.message ?? error.message}`
      : startFailure('auth:create-superuser', error),
  );
  process.exitCode = 1;
});
