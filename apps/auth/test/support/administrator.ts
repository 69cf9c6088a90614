import type { TokenPairDto } from '@gpubroker/contracts/auth';
import { decodeJwt } from 'jose';
import type { Answer, Problem, RunningAuth } from './running-auth';

/** Somebody who is signed in and may administer the platform. */
export interface Administrator {
  readonly id: string;
  readonly tokens: TokenPairDto;
  ask<Body = Problem>(method: string, path: string, body?: unknown): Promise<Answer<Body>>;
}

export async function asking<Body>(
  auth: RunningAuth,
  token: string | null,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer<Body>> {
  const response = await fetch(`${auth.service.url}/api/v2${path}`, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}

export async function administrator(auth: RunningAuth, email: string): Promise<Administrator> {
  await auth.register(email);
  await auth.sql("UPDATE users SET role = 'admin' WHERE email = $1", [email]);
  const { body: tokens } = await auth.login(email);
  return {
    id: String(decodeJwt(tokens.access_token).uid),
    tokens,
    ask: (method, path, body) => asking(auth, tokens.access_token, method, path, body),
  };
}
