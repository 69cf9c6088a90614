import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.error';
import { isReachable, type RunAs } from './run-as';

const CANDIDATES: () => readonly string[] = () => ['/var/lib/gpubroker', join(tmpdir(), 'gpubroker-state')];

/**
 * A folder of ours that another user may walk into: for root, whose checkout often lies below a folder that only root
 * may enter. The system state folder comes first, because a temporary folder does not outlive a reboot everywhere.
 */
export function stateDirectory(runAs: RunAs | null, candidates: readonly string[] = CANDIDATES()): string {
  const found = candidates.find((candidate) => isUsable(candidate, runAs));
  if (found === undefined)
    throw new EmbeddedPostgresError(
      'data-directory',
      `PostgreSQL does not run as root, and no folder was found that its user may enter (tried ${candidates.join(', ')}). ` +
        'Start as an ordinary user, or move the checkout below a folder that others may enter.',
    );
  return found;
}

/** The place for a data directory that cannot stay where it was asked for: the same one for the same request. */
export function fallbackDataDirectory(requested: string, state: string): string {
  const key = createHash('sha256').update(requested).digest('hex').slice(0, 16);
  return join(state, `${basename(requested)}-${key}`);
}

function isUsable(candidate: string, runAs: RunAs | null): boolean {
  try {
    mkdirSync(candidate, { recursive: true });
    // A folder that somebody else planted under a guessable name could carry their binaries.
    const stat = lstatSync(candidate);
    if (!stat.isDirectory() || stat.uid !== process.getuid?.()) return false;
    chmodSync(candidate, 0o755);
    return isReachable(join(candidate, 'x'), runAs);
  } catch {
    return false;
  }
}
