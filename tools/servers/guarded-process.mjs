import { spawn } from 'node:child_process';

/**
 * The shell between us and the server kills it when our end of its input closes, which also happens when we are killed:
 * a server left behind would hold its memory until somebody notices.
 */
const GUARD = `
  exec 3<&0
  "$@" </dev/null >>"$LOG" 2>&1 &
  server=$!
  echo $server
  (cat <&3 >/dev/null; kill -9 $server 2>/dev/null) &
  guard=$!
  wait $server
  kill $guard 2>/dev/null`;

/** A server program that ends with the process that started it, kill -9 of that process included. */
export class GuardedProcess {
  #guard;

  constructor(guard, pid) {
    this.#guard = guard;
    this.pid = pid;
  }

  /**
   * @param {string} program found on the PATH
   * @param {readonly string[]} options of the program
   * @param {string} [logFile] where what it prints is appended
   */
  static async start(program, options, logFile = '/dev/null') {
    const guard = spawn('sh', ['-c', GUARD, 'guard', program, ...options], {
      env: { ...process.env, LOG: logFile },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const pid = await new Promise((resolve, reject) => {
      guard.once('error', reject);
      guard.stdout.once('data', (line) => resolve(Number(line)));
    });
    // A suite that failed before it could stop the server must still be able to end, which ends the server.
    for (const handle of [guard, guard.stdin, guard.stdout]) handle.unref();
    return new GuardedProcess(guard, pid);
  }

  get hasEnded() {
    return this.#guard.exitCode !== null;
  }

  /** Sends a signal; nothing happens when the server is gone already. */
  signal(name) {
    try {
      process.kill(this.pid, name);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }

  /** Sends the signal and resolves when the server is gone; it is killed when that takes longer than `withinMs`. */
  async end(signal, withinMs) {
    const guard = this.#guard;
    guard.ref();
    const ended = new Promise((resolve) => (this.hasEnded ? resolve() : guard.once('exit', resolve)));
    // A frozen server takes no signal but SIGKILL.
    this.signal('SIGCONT');
    this.signal(signal);
    const impatience = setTimeout(() => guard.stdin.end(), withinMs);
    await ended;
    clearTimeout(impatience);
    guard.stdin.end();
  }
}
