import { randomBytes } from 'node:crypto';
import { constants, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { makeDirectories } from '../../platform/make-directories.ts';
import { isAlive, ownIdentity, type ProcessIdentity } from '../../platform/process-identity.ts';
import { writeError } from '../fs/cannot-write.ts';

export type LockFile = {
  release(): void;
  /** The run of the dead process from which the lock was taken over. */
  readonly deadRun?: RunId;
};

/** The content of a lock file: its holder. */
export type LockRecord = ProcessIdentity & {
  /** Random, so that two records differ even when one process wrote both. */
  readonly token: string;
  readonly run: string;
  readonly pipeline: string;
  readonly since: string;
};

/** Why the lock was refused; `holder` names its holder in one short clause, for where there is little room. */
export type LockRefusal = Diagnostic & { readonly holder?: string };

/**
 * Takes the lock file at `path` for a run, or returns its holder (`run/locked`). The lock of a process that no longer
 * exists is taken over. The directory of the file is made when it is missing.
 * @param refuse says who holds it
 */
export function acquireLockFile(
  path: string,
  about: { readonly run: RunId; readonly pipeline: string },
  refuse: (path: string, holder: LockRecord) => LockRefusal = locked,
): Result<LockFile, LockRefusal> {
  const { run, pipeline } = about;
  const token = randomBytes(8).toString('hex');
  const record: LockRecord = { ...ownIdentity(), token, run, pipeline, since: new Date().toISOString() };
  const draft = `${path}.${token}`;
  try {
    makeDirectories(dirname(path), 0o700);
    writeFileSync(draft, `${JSON.stringify(record)}\n`, { flag: 'wx', mode: 0o600 });
    try {
      let deadRun: string | undefined;
      const holder = acquire(path, draft, (dead) => {
        deadRun = dead.run;
      });
      if (holder !== undefined) return failed(refuse(path, holder));
      return ok({ release: () => release(path, token), ...(deadRun ? { deadRun: deadRun as RunId } : {}) });
    } finally {
      rmSync(draft, { force: true });
    }
  } catch (error) {
    return failed(writeError(path, error, 'set XDG_STATE_HOME to a directory that can be written'));
  }
}

/**
 * Moves the record in `draft` to `path`, or returns the holder that is alive. Safe with any number of processes:
 *
 * 1. Link the draft to `path`. A link appears whole, and only when the name is free: then the lock is taken.
 * 2. Otherwise read the holder. If it is alive, the lock is refused; if the file is gone by now, start again.
 * 3. The holder is dead: acquire, by these same steps, the file `<path>.after-<token of the holder>`. One process at a
 *    time can have it, so that only one at a time takes over from this holder.
 * 4. With that file, read `path` again. If the dead holder is still there, rename the file over it: the lock is taken.
 * 5. If another holder is there, delete the file and start again: a process before us has taken over.
 *
 * @param onTakenOver called with the dead holder of step 4
 */
function acquire(
  path: string,
  draft: string,
  onTakenOver: (dead: LockRecord) => void = () => undefined,
): LockRecord | undefined {
  for (;;) {
    if (linked(draft, path)) return undefined;
    const holder = readRecord(path);
    if (holder === undefined) continue;
    if (isAlive(holder)) return holder;
    const turn = `${path}.after-${holder.token}`;
    const rival = acquire(turn, draft);
    const unchanged = readRecord(path)?.token === holder.token;
    if (rival !== undefined) {
      if (unchanged) return rival;
    } else if (unchanged) {
      renameSync(turn, path);
      onTakenOver(holder);
      return undefined;
    } else {
      rmSync(turn, { force: true });
    }
  }
}

/** The holder of the lock at `path`, which stays untouched; undefined without one that is alive. */
export function lockHolder(path: string): LockRefusal | undefined {
  try {
    const holder = readRecord(path);
    return holder !== undefined && isAlive(holder) ? locked(path, holder) : undefined;
  } catch {
    return undefined;
  }
}

function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Refuses symbolic links: a dangling one would have its name taken and no content, for ever. Does not wait for a FIFO. */
const readOnly = (constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK) as unknown as string;

/** Undefined when there is no file. One without content, as after a crash of the machine, has a holder that is dead. */
function readRecord(path: string): LockRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(path, { encoding: 'utf8', flag: readOnly })) as Partial<LockRecord> | null;
    if (typeof record?.token === 'string' && typeof record.pid === 'number') return record as LockRecord;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code !== undefined) throw error;
  }
  return { token: 'unreadable', pid: 0, host: hostname(), boot: 'none', run: '', pipeline: '', since: '' };
}

function release(path: string, token: string): void {
  try {
    if (readRecord(path)?.token === token) rmSync(path);
  } catch {
    // The next process that wants the lock takes it over from this one when this one has ended.
  }
}

function locked(path: string, { pid, host, run, pipeline, since }: LockRecord): LockRefusal {
  const elsewhere = host === hostname() ? '' : ` on "${host}"`;
  return {
    code: 'run/locked',
    severity: 'error',
    message: `Pipeline "${pipeline}" is being run by process ${pid}${elsewhere}: run ${run}, since ${moment(since)}`,
    hint:
      elsewhere === ''
        ? `wait until it has finished, or stop it with: kill -INT ${pid}`
        : `wait until it has finished; if nothing runs there any more, remove "${path}"`,
    holder: `locked by process ${pid} on ${host} since ${clockTime(since)}, run ${run}`,
  };
}

/** As everywhere else where a day is said: `2026-01-05 07:00:12 UTC`. */
function moment(iso: string): string {
  return /^\d{4}-\d\d-\d\dT/.test(iso) ? `${iso.slice(0, 19).replace('T', ' ')} UTC` : 'an unknown time';
}

/** The moment in local time, without its day: `08:15:02`. */
function clockTime(iso: string): string {
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? 'an unknown time' : moment.toTimeString().slice(0, 8);
}
