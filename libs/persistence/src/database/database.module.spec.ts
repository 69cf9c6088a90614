import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { freshDatabase } from '@gpubroker/testing/postgres';
import { Database, databaseModule, DirectConnection, type DatabaseDefinition } from '.';

const definitionOf = (url: string): DatabaseDefinition => ({
  name: 'notes',
  url,
  entities: [],
  migrations: [],
  schema: 'notes',
});

function applicationOn(url: string): new () => object {
  @Module({ imports: [databaseModule(definitionOf(url))] })
  class NotesModule {}
  return NotesModule;
}

describe('databaseModule', () => {
  it('gives a connected database and closes it with the application', async () => {
    const server = await freshDatabase();
    const application = await NestFactory.createApplicationContext(applicationOn(server.url), { logger: false });
    const database = application.get(Database);
    expect(await database.isUp()).toBe(true);
    expect(await application.get(DirectConnection).tryLock('relay')).not.toBeNull();
    await application.close();

    expect(database.dataSource.isInitialized).toBe(false);
    await server.drop();
  });

  it('lets the application start without a server', async () => {
    const application = await NestFactory.createApplicationContext(
      applicationOn('postgresql://nobody@127.0.0.1:9/none'),
      {
        logger: false,
      },
    );

    expect(await application.get(Database).isUp()).toBe(false);
    await application.close();
  });
});
