import { runDeadLettersCommand } from '../src/dead-letters/dead-letters.command';
import { PostgresLogTransport } from '../src/postgres-log';
import { toDeadLetter } from '../src/transport';
import { probeEvents, probeRecord } from './conformance/probe-events';
import { serviceDatabase, type ServiceDatabase } from './service-database';

const { catalog, things } = probeEvents();
let service: ServiceDatabase;
let transport: PostgresLogTransport;

beforeAll(async () => {
  service = await serviceDatabase();
  transport = new PostgresLogTransport({ pool: service.pool, directUrl: service.url, catalog });
  const cause = { group: 'kpi', detail: 'why', attempts: 5, at: new Date(0) };
  const stored = { partition: 0, offset: '7', storedAt: new Date(0) };
  await transport.publish([
    toDeadLetter(
      { ...probeRecord(things.topic, 'a', { n: 1, text: 'x'.repeat(500) }), ...stored },
      { ...cause, reason: 'invalid' },
    ),
    toDeadLetter({ ...probeRecord(things.topic, 'b', { n: 2 }), ...stored }, { ...cause, reason: 'handler_failed' }),
  ]);
});

afterAll(async () => {
  await transport.close();
  await service.close();
});

async function command(...args: string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const code = await runDeadLettersCommand(
    args,
    { DATABASE_URL: service.url },
    (line) => void lines.push(line),
    catalog,
  );
  return { code, text: lines.join('\n') };
}

describe('the dead letter command', () => {
  it('lists where each came from and why', async () => {
    const { code, text } = await command('list', things.topic);
    expect(code).toBe(0);
    expect(text).toContain('invalid  group kpi  after 5 tries');
    expect(text).toContain(`from ${things.topic} partition 0 offset 7`);
    expect(text).toContain('key b');
    expect(text).toContain('2 dead letters');
    expect(text).not.toContain('x'.repeat(200));
  });

  it('shows the whole payload when asked, of those asked for', async () => {
    const { text } = await command('list', things.topic, '--reason', 'invalid', '--group', 'kpi', '--payload');
    expect(text).toContain('x'.repeat(500));
    expect(text).toContain('1 dead letters');
  });

  it('finds none by an id nobody has', async () => {
    expect((await command('list', things.topic, '--id', 'none')).text).toBe(`0 dead letters of ${things.topic}`);
  });

  it('sends them again', async () => {
    const { code, text } = await command('replay', things.topic, '--reason', 'handler_failed');
    expect([code, text]).toEqual([0, `1 sent to ${things.topic} again, 0 left alone because a newer state is there`]);
    const { rows } = await service.pool.query('SELECT key FROM events.event_log WHERE topic = $1', [things.topic]);
    expect(rows).toEqual([{ key: 'b' }]);
  });

  it.each([[[]], [['eat', 'offers']], [['list']], [['list', things.topic, '--reason', 'bad luck']]])(
    'explains itself for %j',
    async (args) => {
      expect(await command(...args)).toMatchObject({ code: 2, text: expect.stringContaining('usage:') as string });
    },
  );

  it('explains itself when asked', async () => {
    expect(await command('--help')).toMatchObject({ code: 0, text: expect.stringContaining('usage:') as string });
  });

  it('names the topics it knows', async () => {
    expect(await command('list', 'nothing')).toEqual({
      code: 2,
      text: expect.stringContaining(things.topic) as string,
    });
  });

  it('asks which log is meant', async () => {
    const lines: string[] = [];
    expect(await runDeadLettersCommand(['list', 'offers'], {}, (line) => void lines.push(line))).toBe(2);
    expect(lines[0]).toContain('which log');
  });

  it('fails when the log cannot be reached', async () => {
    const lines: string[] = [];
    const env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
    expect(await runDeadLettersCommand(['list', 'offers'], env, (line) => void lines.push(line))).toBe(1);
    expect(lines[0]).toContain('failed:');
  });
});
