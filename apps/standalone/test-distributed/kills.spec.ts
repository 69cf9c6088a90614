/**
 * Nothing is lost when processes die, on the PostgreSQL log. The services run as processes of their own; providers (the
 * relay is in it), a kpi-like consumer and one of two replicas of ws-gateway are killed with -9 while prices move, the
 * relay's database session is ended, and one of two sockets loses its connection every few seconds.
 */
import { killEverything, type KillRun } from './support/kill-run';
import { nothingIsLost } from './support/nothing-is-lost';
import { PriceSystem } from './support/price-system';

let system: PriceSystem;
let run: KillRun;

beforeAll(async () => {
  system = await PriceSystem.open();
  run = await killEverything(system, () => Promise.resolve(''));
  console.log(`PostgreSQL log\n${run.report}`);
});

afterAll(() => system.close());

nothingIsLost('processes that are', () => run);
