import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/**
 * Says in a run's directory that this process carries it out, so that anybody who looks can tell a run that goes on from
 * one that was cut off. Without it a run still goes its way: what cannot be written is left.
 */
export function ownRun(directory: string): { release(): void } {
  const path = join(directory, fileName);
  try {
    writeFileSync(path, `${JSON.stringify(ownIdentity())}\n`, { mode: 0o600 });
  } catch {
    // A full disk will be told of where it does harm.
  }
  const release = () => {
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

function ownerOf(directory: string): 'alive' | 'gone' | 'nobody' {
  try {
    const owner = JSON.parse(readFileSync(join(directory, fileName), 'utf8')) as ProcessIdentity;
    return typeof owner.pid === 'number' && isAlive(owner) ? 'alive' : 'gone';
  } catch {
    return 'nobody';
  }
}

const fileName = 'owner.json';
