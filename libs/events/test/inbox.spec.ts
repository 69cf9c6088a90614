import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { Inbox } from '../src/inbox';
import { serviceDatabase, type ServiceDatabase } from './service-database';

let service: ServiceDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  service = await serviceDatabase();
  dataSource = await new DataSource({ type: 'postgres', url: service.url }).initialize();
});

afterAll(async () => {
  await dataSource.destroy();
  await service.close();
});

describe('Inbox', () => {
  const inbox = new Inbox('svc', 'kpi');

  it('does the work of an event once', async () => {
    const id = randomUUID();
    let worked = 0;
    const handle = () =>
      dataSource.transaction((manager) =>
        inbox.onceOnly(manager, id, async () => {
          await Promise.resolve((worked += 1));
        }),
      );
    expect([await handle(), await handle()]).toEqual([true, false]);
    expect(worked).toBe(1);
  });

  it('does it again when the first time was rolled back', async () => {
    const id = randomUUID();
    const failing = dataSource.transaction((manager) =>
      inbox.onceOnly(manager, id, () => Promise.reject(new Error('no'))),
    );
    await expect(failing).rejects.toThrow('no');
    await expect(inbox.onceOnly(service.pool, id, () => Promise.resolve())).resolves.toBe(true);
  });

  it('does it once when two deliveries meet', async () => {
    const id = randomUUID();
    const both = await Promise.all(
      [1, 2].map(() => dataSource.transaction((manager) => inbox.onceOnly(manager, id, () => Promise.resolve()))),
    );
    expect(both.sort()).toEqual([false, true]);
  });

  it('is each group’s own', async () => {
    const id = randomUUID();
    await inbox.claimNew(service.pool, [id]);
    expect(await new Inbox('svc', 'other').claimNew(service.pool, [id])).toEqual(new Set([id]));
  });

  it('tells the new events of a batch from the old ones', async () => {
    const [old, fresh] = [randomUUID(), randomUUID()];
    await inbox.claimNew(service.pool, [old]);
    expect(await inbox.claimNew(service.pool, [old, fresh])).toEqual(new Set([fresh]));
  });

  it('forgets what is older than asked, and nothing else', async () => {
    const [old, young] = [randomUUID(), randomUUID()];
    const pruned = new Inbox('svc', 'pruned');
    await pruned.claimNew(service.pool, [old, young]);
    await service.pool.query("UPDATE svc.inbox SET handled_at = now() - interval '9 days' WHERE event_id = $1", [old]);
    expect(await pruned.prune(service.pool, new Date(Date.now() - 8 * 86_400_000))).toBe(1);
    expect(await pruned.claimNew(service.pool, [old, young])).toEqual(new Set([old]));
  });
});
