import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { Pool } from 'pg';
import { PostgresLogTransport } from '../src/postgres-log';
import { describeTransport } from './conformance/describe-transport';

let database: FreshDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await freshDatabase();
  pool = new Pool({ connectionString: database.url, max: 4 });
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

describeTransport(
  'PostgresLogTransport',
  (options) => new PostgresLogTransport({ pool, directUrl: database.url, pollMs: 200, ...options }),
);
