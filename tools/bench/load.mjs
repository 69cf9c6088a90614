/** How many requests a second a server answers over a number of kept-alive connections: by wrk where it is installed. */
import { spawn, spawnSync } from 'node:child_process';
import { connect } from 'node:net';

export const hasWrk = spawnSync('wrk', ['--version'], { stdio: 'ignore' }).error === undefined;

/**
 * @param {string} url
 * @param {{ connections: number, seconds: number }} load
 * @returns {Promise<number>} answers with status 200 per second
 */
export function requestsPerSecond(url, load) {
  return hasWrk ? byWrk(url, load) : byOwnLoop(new URL(url), load);
}

async function byWrk(url, { connections, seconds }) {
  const child = spawn('wrk', ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, url]);
  let output = '';
  for await (const chunk of child.stdout) output += chunk;
  if (/Non-2xx|Socket errors/.test(output)) throw new Error(`${url} did not answer every request:\n${output}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]);
}

async function byOwnLoop(url, { connections, seconds }) {
  const until = performance.now() + seconds * 1000;
  const counts = await Promise.all(Array.from({ length: connections }, () => askUntil(url, until)));
  return counts.reduce((sum, count) => sum + count, 0) / seconds;
}

/** One connection, one request after the other; answers are told apart by their content-length. */
function askUntil({ hostname, port, pathname, search, host }, until) {
  const request = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(request));
    let buffer = '';
    let answers = 0;
    socket.setEncoding('latin1');
    socket.on('error', reject);
    socket.on('data', (data) => {
      buffer += data;
      const end = buffer.indexOf('\r\n\r\n');
      if (end === -1) return;
      const head = buffer.slice(0, end);
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1]);
      if (buffer.length < end + 4 + length) return;
      if (!head.startsWith('HTTP/1.1 200')) reject(new Error(`${pathname} answered ${head.split('\r\n', 1)[0]}`));
      buffer = buffer.slice(end + 4 + length);
      answers += 1;
      if (performance.now() < until) socket.write(request);
      else {
        socket.destroy();
        resolve(answers);
      }
    });
  });
}
