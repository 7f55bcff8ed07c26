import { readFileSync, rmSync, statSync, utimes, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isAlive, ownIdentity, type ProcessIdentity } from '../../platform/process-identity.ts';

const everyMs = 1_000;

/**
 * Writes `owner.json` into a run's directory, with the identity of this process, and touches it once a second. Other
 * processes see by it whether the run is under way, and when a killed run was last alive. The run goes on when the file
 * cannot be written.
 */
export function startHeartbeat(directory: string): { stop(): void } {
  const path = join(directory, fileName);
  try {
    writeFileSync(path, `${JSON.stringify(ownIdentity())}\n`, { mode: 0o600 });
  } catch {
    // A full disk is reported by the journal.
  }
  let isTouching = false;
  const timer = setInterval(() => {
    // While a file system does not answer, calls must not pile up.
    if (isTouching) return;
    isTouching = true;
    const now = new Date();
    utimes(path, now, now, () => {
      isTouching = false;
    });
  }, everyMs).unref();
  const stop = () => {
    clearInterval(timer);
    try {
      rmSync(path, { force: true });
    } catch {
      // Without this process the file means that the run was interrupted, which its journal refutes.
    }
  };
  return { stop };
}

/** Whether the process that runs it is alive. */
export function isRunAlive(directory: string): boolean {
  return ownerOf(directory) === 'alive';
}

/** Whether its process died without an end of the run: results in its directory are of an earlier end. */
export function wasInterrupted(directory: string): boolean {
  return ownerOf(directory) === 'dead';
}

/** In epoch ms, to about a second; undefined when the run is not under way and was not interrupted. */
export function lastHeartbeat(directory: string): number | undefined {
  try {
    return statSync(join(directory, fileName)).mtimeMs;
  } catch {
    return undefined;
  }
}

/** A process of another host cannot be asked, only be believed, as long as it signs; the clocks may differ. */
function ownerOf(directory: string): 'alive' | 'dead' | 'none' {
  try {
    const owner = JSON.parse(readFileSync(join(directory, fileName), 'utf8')) as ProcessIdentity;
    if (typeof owner.pid !== 'number' || !isAlive(owner)) return 'dead';
    const isSilent = Date.now() - (lastHeartbeat(directory) ?? 0) > deadAfterMs;
    return owner.host !== hostname() && isSilent ? 'dead' : 'alive';
  } catch {
    return 'none';
  }
}

const fileName = 'owner.json';
const deadAfterMs = 10 * 60_000;
