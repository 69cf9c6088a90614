import { setTimeout as sleep } from 'node:timers/promises';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { Client } from 'pg';
import { DatabaseUnavailableError, DirectConnection } from '.';

let server: FreshDatabase;
let administrator: Client;
const connections: DirectConnection[] = [];

beforeAll(async () => {
  server = await freshDatabase();
  administrator = new Client({ connectionString: server.url });
  await administrator.connect();
});
afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
});
afterAll(async () => {
  await administrator.end();
  await server.drop();
});

function connectionOf(applicationName: string, errors: unknown[] = []): DirectConnection {
  const connection = new DirectConnection({
    url: server.url,
    applicationName,
    heartbeatMs: 50,
    onError: (error) => errors.push(error),
  });
  connections.push(connection);
  return connection;
}

const endSession = (applicationName: string): Promise<unknown> =>
  administrator.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
    `${applicationName}-direct`,
  ]);

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('It did not happen within five seconds.');
    await sleep(10);
  }
}

describe('listen', () => {
  it('delivers again after the session was lost, and says when to look for what was missed', async () => {
    const received: string[] = [];
    let listening = 0;
    const connection = connectionOf('listener');
    await connection.listen('Prices', {
      onNotification: (payload) => received.push(payload),
      onListening: () => (listening += 1),
    });
    await until(() => listening === 1);
    await administrator.query(`NOTIFY "Prices", 'one'`);
    await until(() => received.length === 1);
    await endSession('listener');
    await until(() => listening === 2);
    await administrator.query(`NOTIFY "Prices", 'two'`);
    await until(() => received.length === 2);

    expect(received).toEqual(['one', 'two']);
  });

  it('serves several listeners of a channel until each leaves', async () => {
    const heard = { first: 0, second: 0 };
    const connection = connectionOf('many');
    const leaveFirst = await connection.listen('prices', { onNotification: () => (heard.first += 1) });
    await connection.tryLock('session is there');
    const leaveSecond = await connection.listen('prices', { onNotification: () => (heard.second += 1) });
    await administrator.query('NOTIFY prices');
    await until(() => heard.first === 1 && heard.second === 1);
    await leaveFirst();
    await administrator.query('NOTIFY prices');
    await until(() => heard.second === 2);
    await leaveSecond();

    expect(heard).toEqual({ first: 1, second: 2 });
  });

  it('survives a listener that throws', async () => {
    const errors: unknown[] = [];
    const received: string[] = [];
    const connection = connectionOf('thrower', errors);
    await connection.listen('prices', {
      onNotification: () => {
        throw new Error('my mistake');
      },
    });
    await connection.listen('prices', { onNotification: (payload) => received.push(payload) });
    await connection.tryLock('session is there');
    await administrator.query(`NOTIFY prices, 'heard'`);
    await until(() => received.length === 1);

    expect(errors).toEqual([new Error('my mistake')]);
  });
});

describe('tryLock', () => {
  it('gives a lock to one holder at a time, in this process too', async () => {
    const [first, second] = [connectionOf('first'), connectionOf('second')];
    const lease = await first.tryLock('relay');

    expect(await second.tryLock('relay')).toBeNull();
    expect(await first.tryLock('relay')).toBeNull();
    expect(await second.tryLock('another')).not.toBeNull();
    await lease?.release();
    await lease?.release();
    expect(await second.tryLock('relay')).not.toBeNull();
  });

  it('aborts the lease when the session is lost', async () => {
    const lease = await connectionOf('loser').tryLock('relay');
    await endSession('loser');
    await until(() => lease?.signal.aborted ?? false);
    await lease?.release();

    expect(await connectionOf('next').tryLock('relay')).not.toBeNull();
  });

  it('says that the database is unavailable when there is no session', async () => {
    const connection = new DirectConnection({ url: 'postgresql://nobody@127.0.0.1:9/none', applicationName: 'none' });
    connections.push(connection);

    await expect(connection.tryLock('relay')).rejects.toThrow(DatabaseUnavailableError);
    await connection.close();
    await expect(connection.tryLock('relay')).rejects.toThrow(DatabaseUnavailableError);
  });

  it('notices a server that stopped answering', async () => {
    const connection = connectionOf('frozen');
    const lease = await connection.tryLock('relay');
    const { rows } = await administrator.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'frozen-direct'",
    );
    const pid = rows[0]?.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    await until(() => lease?.signal.aborted ?? false).finally(() => process.kill(pid, 'SIGCONT'));

    expect(lease?.signal.aborted).toBe(true);
  });
});

describe('withLeadership', () => {
  const whileLeading = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
    });

  it('passes to the other when the leader loses its session, and never has two', async () => {
    let leaders = 0;
    let most = 0;
    const work = async (signal: AbortSignal): Promise<void> => {
      leaders += 1;
      most = Math.max(most, leaders);
      await whileLeading(signal);
      leaders -= 1;
    };
    const [one, two] = [connectionOf('one'), connectionOf('two')];
    const first = one.withLeadership('relay', work, { retryMs: 20 });
    await until(() => first.isLeader);
    const second = two.withLeadership('relay', work, { retryMs: 20 });
    await sleep(60);
    expect(second.isLeader).toBe(false);
    await endSession('one');
    await until(() => second.isLeader);
    await second.stop();
    await until(() => first.isLeader);
    await first.stop();

    expect(most).toBe(1);
    expect(first.isLeader).toBe(false);
  });

  it('goes on after work that failed, and reports it', async () => {
    const errors: unknown[] = [];
    let runs = 0;
    const leadership = connectionOf('failing', errors).withLeadership(
      'relay',
      () => {
        runs += 1;
        return runs === 1 ? Promise.reject(new Error('first try')) : Promise.resolve();
      },
      { retryMs: 5 },
    );
    await until(() => runs > 1);
    await leadership.stop();

    expect(errors).toEqual([new Error('first try')]);
  });
});
