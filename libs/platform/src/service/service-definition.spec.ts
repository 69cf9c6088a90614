import { Module } from '@nestjs/common';
import { z } from 'zod';
import { ConfigError } from '../config/config-error';
import { defineService } from './service-definition';

@Module({})
class EmptyModule {}

const greeter = defineService({
  name: 'price-greeter',
  defaultPort: 8199,
  env: { GREETING: z.string().default('hello').describe('What is said') },
  toConfig: ({ GREETING, LOG_LEVEL }) => ({ greeting: `${GREETING} at ${LOG_LEVEL}` }),
  module: () => ({ module: EmptyModule }),
});

describe('defineService', () => {
  it("names the port's variable after the service", () => {
    expect(greeter.portVariable).toBe('PRICE_GREETER_PORT');
    expect(greeter.loadConfig({}).service.port).toBe(8199);
    expect(greeter.loadConfig({ PRICE_GREETER_PORT: '0' }).service.port).toBe(0);
  });

  it('lets a service choose the variable of its port', () => {
    const gateway = defineService({
      name: 'door',
      defaultPort: 8080,
      portVariable: 'PORT',
      env: {},
      toConfig: () => null,
      module: () => ({ module: EmptyModule }),
    });
    expect(gateway.loadConfig({ PORT: '7' }).service.port).toBe(7);
    expect(Object.keys(gateway.env.shape)).toContain('PORT');
  });

  it('keeps what the platform reads apart from what the service reads', () => {
    const { own, service } = greeter.loadConfig({ GREETING: 'hola', LOG_LEVEL: 'debug' });
    expect(own).toEqual({ greeting: 'hola at debug' });
    expect(service.LOG_LEVEL).toBe('debug');
    expect(service).not.toHaveProperty('GREETING');
  });

  it('lists all that it reads', () => {
    expect(Object.keys(greeter.env.shape)).toEqual(
      expect.arrayContaining(['GREETING', 'PRICE_GREETER_PORT', 'NODE_ENV', 'LOG_LEVEL']),
    );
  });

  it('reads nothing but its argument', () => {
    process.env.GREETING = 'from the process';
    try {
      expect(greeter.loadConfig({}).own.greeting).toBe('hello at info');
    } finally {
      delete process.env.GREETING;
    }
  });

  it('names the service when it cannot start', () => {
    expect(() => greeter.loadConfig({ PRICE_GREETER_PORT: 'x', LOG_LEVEL: 'loud' })).toThrow(
      /^price-greeter cannot start:\n.*LOG_LEVEL.*\n.*PRICE_GREETER_PORT/s,
    );
    expect(() => greeter.loadConfig({ PRICE_GREETER_PORT: 'x' })).toThrow(ConfigError);
  });
});
