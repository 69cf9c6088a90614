import { type Answer, json, type Reply, text } from '../clouds/answer';
import type { RowShape } from '../clouds/emulated-cloud';
import { spoilRows } from './spoil-rows';
import type { UpstreamMode } from './upstream-mode';

/** Longer than a patient health check, shorter than a sync's time-out. */
export const SLOW_MS = 3_000;

/**
 * What goes out in a mode in place of the cloud's own answer.
 * @param turn how many answers went before in this mode: garbage comes as cut-off JSON and as a web page by turns
 */
export function applyMode(mode: UpstreamMode, turn: number, own: () => Reply, rows: RowShape): Answer {
  switch (mode) {
    case 'ok':
    case 'capacity':
      return own();
    case 'slow':
      return { ...own(), delayMs: SLOW_MS };
    case 'hang':
      return { kind: 'hang' };
    case '500':
      return text('Internal Server Error', 500);
    case 'garbage':
      return turn % 2 === 0 ? cutOff(own()) : text(WEB_PAGE, 200, 'text/html; charset=utf-8');
    case 'huge':
      return { kind: 'endless', head: `{"${rows.path[0] ?? 'rows'}":[{"${rows.id}":"` };
    case 'bad_rows':
      return spoiled(own(), rows);
  }
}

const WEB_PAGE = '<!doctype html><html><head><title>Down for maintenance</title></head><body>Back soon.</body></html>';

function cutOff(reply: Reply): Reply {
  return { ...reply, status: 200, body: reply.body.slice(0, Math.ceil(reply.body.length / 2)) };
}

function spoiled(reply: Reply, rows: RowShape): Reply {
  if (reply.contentType !== 'application/json' || reply.status !== 200) return reply;
  return json(spoilRows(JSON.parse(reply.body), rows));
}
