import { generateKeyPairSync } from 'node:crypto';
import { createProviderRegistry } from '../src/adapters/registry';
import { EmulatorProcess } from './support/emulator-process';
import { startIntegrations, type Person, type RunningIntegrations } from './support/running-integrations';

const PEM = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

/** Members whose form the cloud prescribes; every other one may be any text. */
const FORMS: Readonly<Record<string, string>> = {
  private_key: PEM,
  fingerprint: Array.from({ length: 16 }, () => '0a').join(':'),
  region: 'eu-frankfurt-1',
};

/** The emulator takes keys that begin with `emulator-` and refuses all others, each in its cloud's own words. */
describe('LIVE_CLOUDS=off', () => {
  let emulator: EmulatorProcess;
  let running: RunningIntegrations;
  let owner: Person;

  const registry = createProviderRegistry();
  const slugs = registry.listAdapters();
  const credentialsOf = (slug: string, prefix: string) =>
    Object.fromEntries(
      registry.getAdapter(slug).facts.credentialFields.map((field) => [field, FORMS[field] ?? `${prefix}-${field}`]),
    );

  beforeAll(async () => {
    emulator = await EmulatorProcess.start();
    running = await startIntegrations({
      CLOUD_EMULATOR_URL: emulator.url,
      LAMBDA_BASE_URL: `${emulator.url}/lambda`,
      UPSTREAM_TIMEOUT_MS: '10000',
      INTEGRATION_CHECK_MS: '20000',
    });
    owner = await running.person();
  }, 60_000);

  afterAll(async () => {
    await running.stop();
    await emulator.stop();
  });

  it.each(slugs)('takes a key of the emulator for %s', async (slug) => {
    const { status, body } = await owner.set(slug, credentialsOf(slug, 'emulator'));
    expect([status, body.status]).toEqual([201, 'ok']);
  });

  it.each(slugs)('refuses a key for %s that could be real', async (slug) => {
    const { status, body } = await owner.set(slug, credentialsOf(slug, 'real'));
    expect([status, body.error.details?.[0]?.field]).toEqual([422, 'credentials']);
  });
});
