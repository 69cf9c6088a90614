/** From nothing and from kept data to the first offers; how long the catalogue takes to load; memory of each service. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleApp } from '../build/bundle-app.mjs';
import { freePort, startProcess, until } from './app-process.mjs';
import { startBenchService } from './bench-service.mjs';

const BUNDLE = 'dist-app/bench-main.js';
const CLOUDS = 10;
const OFFERS_PER_CLOUD = 10_000;
const STARTS_IN_MS = 180_000;

export const title = 'Start and memory';

export async function run(say) {
  const standalone = await startsOfStandalone(say);
  const services = await memoryOfServices(say);
  return {
    notes: [
      'Cold: `npm start` with installed packages and an empty data directory (the bundle is built, the database cluster made, the tables migrated, the emulated clouds read) until the gateway lists offers. Warm: the same again over the data that is there.',
      `Memory is what the system holds resident for the process once it can serve, each service as a process of its own. providers is measured twice: over an empty catalogue, and over ${(CLOUDS * OFFERS_PER_CLOUD).toLocaleString('en-US')} offers, which it loads at its start.`,
      ...services.missing.map((name) => `${name} did not start by itself and is not in the figures.`),
    ],
    figures: [
      { name: 'cold start', value: standalone.coldMs / 1000, unit: 's', atMost: 60 },
      { name: 'warm start', value: standalone.warmMs / 1000, unit: 's', atMost: 60 },
      { name: 'memory of standalone, all services', value: standalone.memoryMb, unit: 'MB' },
      ...services.figures,
    ],
  };
}

async function startsOfStandalone(say) {
  const directory = mkdtempSync(join(tmpdir(), 'gpubroker-bench-start-'));
  const start = async (name) => {
    const port = await freePort();
    const began = performance.now();
    const child = startProcess('tools/start.mjs', await standaloneEnv(directory, port));
    try {
      await until(`http://127.0.0.1:${port}/api/v2/providers`, ({ total }) => total > 0, STARTS_IN_MS);
      const ms = performance.now() - began;
      say(`${name} start: ${(ms / 1000).toFixed(1)} s`);
      return { ms, memoryMb: child.memoryMb() };
    } finally {
      await child.stop();
    }
  };
  try {
    const cold = await start('cold');
    const warm = await start('warm');
    return { coldMs: cold.ms, warmMs: warm.ms, memoryMb: warm.memoryMb };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function standaloneEnv(directory, port) {
  const ports = Object.fromEntries(serviceApps().map((name) => [portVariable(name), '0']));
  return { ...ports, PORT: String(port), METRICS_PORT: String(await freePort()), GPUBROKER_DATA_DIR: directory };
}

/** Over a PostgreSQL that the measured service of the other benches brings along. */
async function memoryOfServices(say) {
  const database = await startBenchService();
  const figures = [];
  const missing = [];
  const measure = async (name, label, holds) => {
    try {
      const { ms, memoryMb } = await startOne(name, database, holds);
      say(`${label}: ${memoryMb.toFixed(0)} MB, ready after ${(ms / 1000).toFixed(1)} s`);
      figures.push({ name: `memory of ${label}`, value: memoryMb, unit: 'MB' });
      return ms;
    } catch (error) {
      say(`${name} did not start: ${error.message}`);
      missing.push(name);
      return Number.NaN;
    }
  };
  try {
    for (const name of serviceApps()) await measure(name, name);
    for (let cloud = 1; cloud <= CLOUDS; cloud += 1) await database.ingest(`cloud-${cloud}`, OFFERS_PER_CLOUD, cloud);
    const offers = CLOUDS * OFFERS_PER_CLOUD;
    const ms = await measure('providers', 'providers with 100,000 offers', ({ total }) => total === offers);
    figures.push({ name: 'providers lists 100,000 offers after', value: ms / 1000, unit: 's' });
  } finally {
    await database.stop();
  }
  return { figures, missing };
}

async function startOne(name, database, holds) {
  const port = await freePort();
  await bundleApp(`apps/${name}`, { outfile: BUNDLE });
  const began = performance.now();
  const child = startProcess(`apps/${name}/${BUNDLE}`, {
    [portVariable(name)]: String(port),
    LOG_LEVEL: 'fatal',
    METRICS_PORT: String(await freePort()),
    DATABASE_URL: database.databaseUrl,
    PROVIDERS_URL: database.url.replace('[::1]', '127.0.0.1'),
    ...database.noClouds,
  });
  try {
    const url = `http://127.0.0.1:${port}`;
    await until(holds ? `${url}/api/v2/providers` : `${url}/health?probe=live`, holds ?? (() => true), 30_000);
    return { ms: performance.now() - began, memoryMb: child.memoryMb() };
  } finally {
    await child.stop();
  }
}

/** Apps that are services and have something to run. */
function serviceApps() {
  return readdirSync('apps').filter((name) => {
    const about = join('apps', name, 'package.json');
    if (!existsSync(about) || !existsSync(join('apps', name, 'src/main.ts'))) return false;
    return (JSON.parse(readFileSync(about, 'utf8')).nx?.tags ?? []).includes('type:service');
  });
}

const portVariable = (name) => (name === 'api-gateway' ? 'PORT' : `${name.toUpperCase().replaceAll('-', '_')}_PORT`);
