import { dirname } from 'node:path';
import type { RunId } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { makeDirectories } from '../../platform/make-directories.ts';
import { isAlive } from '../../platform/process-identity.ts';
import { writeError } from '../fs/cannot-write.ts';
import { type KernelLock, lockByKernel } from './kernel-lock.ts';
import { describeHolder, type LockRecord, type LockRefusal, newRecord, readRecord } from './lock-record.ts';
import { askKernel, takeWithKernel } from './take-with-kernel.ts';
import { recordHolder, takeWithRecord } from './take-with-record.ts';

export type LockFile = {
  release(): void;
  /** The run of the dead process from which the lock was taken over. */
  readonly deadRun?: RunId;
};

/**
 * Takes the lock file at `path` for a run, or returns its holder (`run/locked`). The lock of a process that no longer
 * exists is taken over. The directory of the file is made when it is missing.
 *
 * The kernel decides who holds it, where it can; the content of the file is for messages. Where it cannot, the record of a
 * second file decides, `<path>.pid`, by the process that it names. A process that locks in the one way then looks whether another
 * holds the lock in the other way, so that of two that begin at once at least one is refused.
 * @param refuse says who holds it
 */
export function acquireLockFile(
  path: string,
  about: { readonly run: RunId; readonly pipeline: string },
  refuse: (path: string, holder: LockRecord) => LockRefusal = describeHolder,
  lock: KernelLock = lockByKernel,
): Result<LockFile, LockRefusal> {
  const record = newRecord(about);
  try {
    makeDirectories(dirname(path));
    const taking = takeWithKernel(path, record, lock) ?? takeWithRecord(path, record);
    if (taking.kind === 'held') return failed(refuse(path, taking.by));
    const { dead, release } = taking;
    return ok({ release, ...(dead?.run ? { deadRun: dead.run as RunId } : {}) });
  } catch (error) {
    return failed(writeError(path, error, 'set XDG_STATE_HOME to a writable directory'));
  }
}

/** The holder of the lock at `path`, which stays untouched; undefined without one that is alive, and when that cannot be seen. */
export function lockHolder(path: string, lock: KernelLock = lockByKernel): LockRefusal | undefined {
  try {
    const holder = liveHolder(path, lock);
    return holder && describeHolder(path, holder);
  } catch {
    return undefined;
  }
}

/** What the lock at `path` says, which stays untouched; undefined when nobody has it, and none has left it. */
export function lockState(
  path: string,
  lock: KernelLock = lockByKernel,
): { readonly kind: 'held' | 'left'; readonly by: LockRecord } | undefined {
  try {
    const holder = liveHolder(path, lock);
    if (holder !== undefined) return { kind: 'held', by: holder };
    const left = readRecord(path) ?? readRecord(`${path}.pid`);
    return left && { kind: 'left', by: left };
  } catch {
    return undefined;
  }
}

function liveHolder(path: string, lock: KernelLock): LockRecord | undefined {
  const record = readRecord(path);
  if (record === undefined) return recordHolder(`${path}.pid`);
  const isHeld = askKernel(path, record, lock) ?? isAlive(record);
  return isHeld ? record : undefined;
}

/** Whether the lock at `path` is held for a run; undefined when it is of another one, or when only its process could tell. */
export function isLockedFor(run: string, path: string, lock: KernelLock = lockByKernel): boolean | undefined {
  try {
    const record = readRecord(path);
    return record?.run === run ? askKernel(path, record, lock) : undefined;
  } catch {
    return undefined;
  }
}
