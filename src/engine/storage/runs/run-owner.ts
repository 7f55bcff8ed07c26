import { readFileSync, rmSync, statSync, utimes, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, ownIdentity, type ProcessIdentity } from '../../platform/process-identity.ts';

const signEveryMs = 1_000;

/**
 * Says in a run's directory that this process carries it out, so that anybody who looks can tell a run that goes on from
 * one that was cut off. The time of the file is the last sign of life: a run that is killed cannot say when. Without it a run still goes its way: what cannot be written is left.
 */
export function ownRun(directory: string): { release(): void } {
  const path = join(directory, fileName);
  try {
    writeFileSync(path, `${JSON.stringify(ownIdentity())}\n`, { mode: 0o600 });
  } catch {
    // A full disk will be told of where it does harm.
  }
  let isSigning = false;
  const signing = setInterval(() => {
    // A file system that does not answer gets no second question.
    if (isSigning) return;
    isSigning = true;
    const now = new Date();
    utimes(path, now, now, () => {
      isSigning = false;
    });
  }, signEveryMs).unref();
  const release = () => {
    clearInterval(signing);
    try {
      rmSync(path, { force: true });
    } catch {
      // It counts for nothing when this process has ended.
    }
  };
  return { release };
}

/** Whether a process that still lives carries out the run. */
export function isOwned(directory: string): boolean {
  return ownerOf(directory) === 'alive';
}

/** Whether whoever carried out the run is gone without having given it back: results it left are of an earlier end. */
export function isAbandoned(directory: string): boolean {
  return ownerOf(directory) === 'gone';
}

/** When whoever carries out the run, or did so until it was cut off, was last seen, in epoch ms, to about a second. */
export function lastSignOfLife(directory: string): number | undefined {
  try {
    return statSync(join(directory, fileName)).mtimeMs;
  } catch {
    return undefined;
  }
}

function ownerOf(directory: string): 'alive' | 'gone' | 'nobody' {
  try {
    const owner = JSON.parse(readFileSync(join(directory, fileName), 'utf8')) as ProcessIdentity;
    return typeof owner.pid === 'number' && isAlive(owner) ? 'alive' : 'gone';
  } catch {
    return 'nobody';
  }
}

const fileName = 'owner.json';
