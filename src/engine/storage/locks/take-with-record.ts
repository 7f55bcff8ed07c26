import { closeSync, constants, existsSync, linkSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { pauseThread } from '../../platform/pause-thread.ts';
import { openPrivateFile, writePrivateFile } from '../../platform/private-files.ts';
import { isAlive, isObservable, isOfThisKernel } from '../../platform/process-identity.ts';
import { writeFully } from '../fs/write-fully.ts';
import { type LockRecord, readRecord, type Taking } from './lock-record.ts';

/**
 * Takes the lock at `path` where the kernel gives none: by the file `<path>.pid`, whose holder is alive as long as its process
 * is. A process of another container cannot be seen, and counts as dead, unless the kernel holds its lock.
 */
export function takeWithRecord(path: string, record: LockRecord): Taking {
  const own = `${path}.pid`;
  const draft = `${own}.${record.token}`;
  writePrivateFile(draft, `${JSON.stringify(record)}\n`, 'new');
  try {
    const acquired = acquire(own, draft);
    if (acquired.kind === 'held') return acquired;
    const left = readRecord(path);
    if (left !== undefined && (isAlive(left) || mayBeAlive(left))) {
      release(own, record.token);
      return { kind: 'held', by: left };
    }
    return { kind: 'taken', dead: acquired.dead ?? left, release: () => release(own, record.token) };
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The holder of a lock that is not the kernel's; undefined without one that is alive. */
export function recordHolder(own: string): LockRecord | undefined {
  const record = readRecord(own);
  return record !== undefined && isAlive(record) ? record : undefined;
}

/** Whether only the kernel could say, which cannot be asked. */
function mayBeAlive(left: LockRecord): boolean {
  return left.kernel === true && isOfThisKernel(left) && !isObservable(left);
}

/**
 * Moves the record in `draft` to `path`, or returns the holder that is alive. Safe with any number of processes:
 *
 * 1. Place the draft at `path`. That succeeds only when the name is free: then the lock is taken.
 * 2. Otherwise read the holder. If it is alive, the lock is refused; if the file is gone by now, start again.
 * 3. The holder is dead: acquire, by these same steps, the file `<path>.after-<token of the holder>`. One process at a
 *    time can have it, so that only one at a time takes over from this holder.
 * 4. With that file, read `path` again. If the dead holder is still there, rename the file over it: the lock is taken.
 * 5. If another holder is there, delete the file and start again: a process before us has taken over.
 */
function acquire(path: string, draft: string): Acquisition {
  for (;;) {
    if (placed(draft, path)) return { kind: 'taken', dead: undefined };
    const holder = leftRecord(path);
    if (holder === undefined) continue;
    if (isAlive(holder)) return { kind: 'held', by: holder };
    const turn = `${path}.after-${holder.token}`;
    const inTurn = acquire(turn, draft);
    const unchanged = leftRecord(path)?.token === holder.token;
    if (inTurn.kind === 'held') {
      if (unchanged) return inTurn;
    } else if (unchanged) {
      renameSync(turn, path);
      return { kind: 'taken', dead: holder };
    } else {
      rmSync(turn, { force: true });
    }
  }
}

type Acquisition =
  | { readonly kind: 'held'; readonly by: LockRecord }
  | { readonly kind: 'taken'; readonly dead: LockRecord | undefined };

function placed(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code ?? '')) throw error;
    return created(path, readFileSync(draft));
  }
}

/** On a disk without hard links, such as FAT. For a moment the file is empty; see `leftRecord`. */
function created(path: string, content: Buffer): boolean {
  try {
    const fd = openPrivateFile(path, constants.O_WRONLY | constants.O_EXCL);
    try {
      writeFully(fd, content);
    } finally {
      closeSync(fd);
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** How long a file may be empty while its holder writes its record. */
const patienceMs = 500;
const pauseMs = 5;

/** Undefined when there is no file. One that stays without a record was left by a crash of the machine: its holder is dead. */
function leftRecord(path: string): LockRecord | undefined {
  const begun = performance.now();
  for (;;) {
    const record = readRecord(path);
    if (record !== undefined || !existsSync(path)) return record;
    if (performance.now() - begun >= patienceMs)
      return { token: 'unreadable', pid: 0, host: hostname(), boot: 'none', run: '', pipeline: '', since: '' };
    pauseThread(pauseMs);
  }
}

function release(own: string, token: string): void {
  try {
    if (readRecord(own)?.token === token) rmSync(own);
  } catch {
    // The next process that wants the lock takes it over from this one when this one has ended.
  }
}
