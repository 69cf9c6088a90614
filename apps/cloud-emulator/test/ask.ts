import type { CloudRequest, EmulatedCloud } from '../src/clouds/emulated-cloud';

/** A request in as few words as a test needs; a POST or PUT carries `body`. */
export interface Asked {
  readonly method?: string;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  readonly key?: string;
  readonly soldOut?: boolean;
  readonly client?: string;
}

export function request(path: string, asked: Asked = {}): CloudRequest {
  return {
    method: asked.method ?? (asked.body === undefined ? 'GET' : 'POST'),
    path,
    query: new URLSearchParams(asked.query),
    headers: asked.key === undefined ? {} : { authorization: `Bearer ${asked.key}` },
    body: asked.body,
    baseUrl: 'http://127.0.0.1:8190/cloud',
    client: asked.client ?? '127.0.0.1',
    soldOut: asked.soldOut ?? false,
  };
}

/** The cloud's answer with its body parsed, where it is JSON. */
export function ask(cloud: EmulatedCloud, path: string, asked: Asked = {}) {
  const reply = cloud.answer(request(path, asked));
  const isJson = reply.contentType === 'application/json';
  return {
    status: reply.status,
    contentType: reply.contentType,
    body: (isJson ? JSON.parse(reply.body) : reply.body) as unknown,
  };
}
