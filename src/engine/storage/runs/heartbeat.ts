import { lutimes, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writePrivateFile } from '../../platform/private-files.ts';
import {
  isAlive,
  isObservable,
  isOfThisKernel,
  ownIdentity,
  type ProcessIdentity,
} from '../../platform/process-identity.ts';
import { isLockedFor } from '../locks/lock-file.ts';

const everyMs = 1_000;

/**
 * Writes `owner.json` into a run's directory, with the identity of this process, and touches it once a second. Other
 * processes see by it whether the run is under way, and when a killed run was last alive. The run goes on when the file
 * cannot be written.
 * @param lock the path of the lock that this process holds for the run
 */
export function startHeartbeat(directory: string, lock?: string): { stop(): void } {
  const path = join(directory, fileName);
  try {
    writePrivateFile(path, `${JSON.stringify({ ...ownIdentity(), lock })}\n`, 'any');
  } catch {
    // A full disk is reported by the journal.
  }
  let isTouching = false;
  const timer = setInterval(() => {
    // While a file system does not answer, calls must not pile up.
    if (isTouching) return;
    isTouching = true;
    const now = new Date();
    lutimes(path, now, now, () => {
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

/** Forgets that the process died: its run had ended, and all that it left undone is done. */
export function forgetDeadOwner(directory: string): void {
  if (ownerOf(directory) === 'dead') rmSync(join(directory, fileName), { force: true });
}

/** In epoch ms, to about a second; undefined when the run is not under way and was not interrupted. */
export function lastHeartbeat(directory: string): number | undefined {
  try {
    return statSync(join(directory, fileName)).mtimeMs;
  } catch {
    return undefined;
  }
}

/** The content of `owner.json`; those of earlier versions do not name the lock. */
type Owner = ProcessIdentity & { readonly lock?: string };

function ownerOf(directory: string): 'alive' | 'dead' | 'none' {
  try {
    const owner = JSON.parse(readFileSync(join(directory, fileName), 'utf8')) as Owner;
    return typeof owner.pid === 'number' && isOwnerAlive(owner, directory) ? 'alive' : 'dead';
  } catch {
    return 'none';
  }
}

/**
 * A process of another container or machine cannot be seen. Of one below the same kernel its lock tells; any other is
 * believed as long as it signs, and the clocks of machines may differ.
 */
function isOwnerAlive(owner: Owner, directory: string): boolean {
  const silentMs = Date.now() - (lastHeartbeat(directory) ?? 0);
  if (isObservable(owner)) return isAlive(owner);
  if (!isOfThisKernel(owner)) return isAlive(owner) && silentMs <= elsewhereDeadAfterMs;
  const isLocked = owner.lock === undefined ? undefined : isLockedFor(basename(directory), owner.lock);
  return isLocked ?? silentMs <= deadAfterMs;
}

const fileName = 'owner.json';
const deadAfterMs = 60_000;
const elsewhereDeadAfterMs = 10 * 60_000;
