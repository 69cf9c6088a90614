import 'reflect-metadata';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

interface Documented {
  readonly description?: string;
  readonly nullable?: boolean;
  readonly type?: unknown;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly unknown[];
}
type DtoClass = new () => object;

const MEMBERS = 'swagger/apiModelPropertiesArray';
const MEMBER = 'swagger/apiModelProperties';

const folders = readdirSync(__dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

async function dtosOf(folder: string): Promise<[string, DtoClass][]> {
  const room = (await import(join(__dirname, folder, 'index'))) as Record<string, unknown>;
  return Object.entries(room).filter(
    (entry): entry is [string, DtoClass] => typeof entry[1] === 'function' && entry[0].endsWith('Dto'),
  );
}

function membersOf(Dto: DtoClass): [string, Documented][] {
  const prototype = Dto.prototype as object;
  const names = (Reflect.getMetadata(MEMBERS, prototype) ?? []) as string[];
  return names
    .map((name) => name.slice(1))
    .map((name) => [name, Reflect.getMetadata(MEMBER, prototype, name) as Documented]);
}

async function membersThat(folder: string, fail: (name: string, member: Documented) => boolean): Promise<string[]> {
  const dtos = await dtosOf(folder);
  return dtos.flatMap(([dto, Dto]) =>
    membersOf(Dto)
      .filter(([name, member]) => fail(name, member))
      .map(([name]) => `${dto}.${name}`),
  );
}

describe.each(folders)('what %s puts on the wire', (folder) => {
  it('declares every member: what a class names beside its documentation nobody would see', async () => {
    for (const [dto, Dto] of await dtosOf(folder)) {
      const documented = membersOf(Dto).map(([name]) => name);
      expect([dto, Object.keys(new Dto()).filter((name) => !documented.includes(name))]).toEqual([dto, []]);
    }
  });

  it('is in snake case', async () => {
    expect(await membersThat(folder, (name) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name))).toEqual([]);
  });

  it('says its type where it may be null, which reflection cannot', async () => {
    const unsaid = ({ nullable, type, enum: words, oneOf }: Documented) =>
      nullable === true && oneOf === undefined && words === undefined && (type === undefined || type === Object);
    expect(await membersThat(folder, (_name, member) => unsaid(member))).toEqual([]);
  });
});
