import { randomBytes } from 'node:crypto';
import { constants, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { makeDirectories } from '../../platform/make-directories.ts';
import { isAlive, ownIdentity, type ProcessIdentity } from '../../platform/process-identity.ts';
import { cannotWrite } from '../fs/cannot-write.ts';

export type RunLock = { release(): void };

/** What the lock file says of the one who holds it. */
type Claim = ProcessIdentity & {
  /** Random: no two claims are the same, not even of the same process. */
  readonly token: string;
  readonly run: string;
  readonly pipeline: string;
  readonly since: string;
};

/** Why the lock cannot be had; `holder` says who has it in one short clause, for where there is little room. */
export type LockRefusal = Diagnostic & { readonly holder?: string };

/**
 * Takes the lock file at `path` for a run, or says who holds it (`run/locked`). The lock of a process that is gone is
 * taken over. The directory of the file is made when it is missing.
 */
export function takeRunLock(
  path: string,
  about: { readonly run: RunId; readonly pipeline: string },
): Result<RunLock, LockRefusal> {
  const { run, pipeline } = about;
  const token = randomBytes(8).toString('hex');
  const claim: Claim = { ...ownIdentity(), token, run, pipeline, since: new Date().toISOString() };
  const draft = `${path}.${token}`;
  try {
    makeDirectories(dirname(path), 0o700);
    writeFileSync(draft, `${JSON.stringify(claim)}\n`, { flag: 'wx', mode: 0o600 });
    try {
      const holder = seize(path, draft);
      return holder === undefined ? ok({ release: () => release(path, token) }) : failed(locked(path, holder));
    } finally {
      rmSync(draft, { force: true });
    }
  } catch (error) {
    return failed(cannotWrite(path, error, 'set XDG_STATE_HOME to a directory that can be written'));
  }
}

/**
 * Puts the claim in `draft` at `path`, or returns the living holder. Safe with any number of processes: a claim gets its
 * name by `link`, whole and only when the name is free. To follow a dead holder, a process first takes, in the same way,
 * a name that speaks of this holder, which one process at a time can have. Only then it makes sure that the dead holder is
 * still in place and moves its own claim over him. Whoever comes late finds another holder, and starts again.
 */
function seize(path: string, draft: string): Claim | undefined {
  for (;;) {
    if (linked(draft, path)) return undefined;
    const holder = readClaim(path);
    if (holder === undefined) continue;
    if (isAlive(holder)) return holder;
    const turn = `${path}.after-${holder.token}`;
    const rival = seize(turn, draft);
    const unchanged = readClaim(path)?.token === holder.token;
    if (rival !== undefined) {
      if (unchanged) return rival;
    } else if (unchanged) {
      renameSync(turn, path);
      return undefined;
    } else {
      rmSync(turn, { force: true });
    }
  }
}

/** Says who holds the lock at `path`, without taking it; undefined when nobody does who still lives. */
export function lockHolder(path: string): LockRefusal | undefined {
  try {
    const holder = readClaim(path);
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

/** A link is refused, also one to nowhere, whose name is taken and which would be tried for ever; a FIFO is not waited for. */
const readOnly = (constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK) as unknown as string;

/** Undefined when there is none. A file that a crash of the machine left without its content is nobody's. */
function readClaim(path: string): Claim | undefined {
  try {
    const claim = JSON.parse(readFileSync(path, { encoding: 'utf8', flag: readOnly })) as Partial<Claim> | null;
    if (typeof claim?.token === 'string' && typeof claim.pid === 'number') return claim as Claim;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code !== undefined) throw error;
  }
  return { token: 'unreadable', pid: 0, host: hostname(), boot: 'none', run: '', pipeline: '', since: '' };
}

function release(path: string, token: string): void {
  try {
    if (readClaim(path)?.token === token) rmSync(path);
  } catch {
    // The lock of a process that has ended counts for nothing.
  }
}

function locked(path: string, { pid, host, run, pipeline, since }: Claim): LockRefusal {
  const elsewhere = host === hostname() ? '' : ` on "${host}"`;
  return {
    code: 'run/locked',
    severity: 'error',
    message: `Pipeline "${pipeline}" is being run by process ${pid}${elsewhere}: run ${run}, since ${since}`,
    hint:
      elsewhere === ''
        ? `wait until it has finished, or stop it with: kill -INT ${pid}`
        : `wait until it has finished; if nothing runs there any more, remove "${path}"`,
    holder: `locked by process ${pid} on ${host} since ${clockTime(since)}, run ${run}`,
  };
}

/** The moment in local time, without its day: `08:15:02`. */
function clockTime(iso: string): string {
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? 'an unknown time' : moment.toTimeString().slice(0, 8);
}
