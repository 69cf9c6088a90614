import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AccessClaims } from '@gpubroker/contracts/auth';

const PASSWORD = 'four-quiet-llamas-rent-gpus';

export interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  /** Another door than the gateway's: a service's own port. */
  readonly at?: string;
}

export interface Answer {
  readonly status: number;
  /** Parsed where it is JSON. */
  readonly body: unknown;
}

/** Somebody who has registered, with a tenant of their own, and is signed in. */
export class Person {
  private constructor(
    private readonly gatewayUrl: string,
    readonly email: string,
    readonly token: string,
  ) {}

  static async register(gatewayUrl: string): Promise<Person> {
    const email = `${randomUUID()}@example.org`;
    await post(gatewayUrl, '/api/v2/auth/register', {
      email,
      password: PASSWORD,
      full_name: 'Ada',
      organization: email,
    });
    const { access_token } = await post(gatewayUrl, '/api/v2/auth/login', { email, password: PASSWORD });
    return new Person(gatewayUrl, email, String(access_token));
  }

  get claims(): AccessClaims {
    const [, payload = ''] = this.token.split('.');
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) as AccessClaims;
  }

  /** A tenant of the free plan has ten requests a second: who asks more waits, as told. */
  async ask(path: string, { method = 'GET', body, at = this.gatewayUrl }: Asked = {}): Promise<Answer> {
    for (;;) {
      const response = await fetch(new URL(path, at), {
        method,
        headers: {
          authorization: `Bearer ${this.token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.status !== 429) return { status: response.status, body: parsed(text) };
      await sleep(1_000);
    }
  }
}

async function post(base: string, path: string, body: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(new URL(path, base), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
