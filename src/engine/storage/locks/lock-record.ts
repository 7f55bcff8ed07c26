import { randomBytes } from 'node:crypto';
import { constants, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId } from '../../model/ids.ts';
import { formatMoment } from '../../platform/format-moment.ts';
import { isObservable, ownIdentity, type ProcessIdentity } from '../../platform/process-identity.ts';

/** The content of a lock file: its holder. */
export type LockRecord = ProcessIdentity & {
  /** Random, so that two records differ even when one process wrote both. */
  readonly token: string;
  readonly run: string;
  readonly pipeline: string;
  readonly since: string;
  /** The kernel holds the lock; without it the holder is told to be alive by its process alone. */
  readonly kernel?: true;
};

/** Why the lock was refused; `holder` names its holder in one short clause, for where there is little room. */
export type LockRefusal = Diagnostic & { readonly holder?: string };

/** What came of an attempt to take a lock: it is ours, with the record of the dead process that had it, or its holder is alive. */
export type Taking =
  | { readonly kind: 'taken'; readonly dead: LockRecord | undefined; readonly release: () => void }
  | { readonly kind: 'held'; readonly by: LockRecord };

export function newRecord(about: { readonly run: RunId; readonly pipeline: string }): LockRecord {
  const token = randomBytes(8).toString('hex');
  return { ...ownIdentity(), token, ...about, since: new Date().toISOString() };
}

/** Refuses symbolic links: a dangling one would have its name taken and no content, for ever. Does not wait for a FIFO. */
const readOnly = (constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK) as unknown as string;

/** Undefined when there is no file, or one without a record, as after a crash of the machine. Throws what the file system says. */
export function readRecord(path: string): LockRecord | undefined {
  try {
    return parseRecord(readFileSync(path, { encoding: 'utf8', flag: readOnly }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function parseRecord(text: string): LockRecord | undefined {
  try {
    const record = JSON.parse(text) as Partial<LockRecord> | null;
    return typeof record?.token === 'string' && typeof record.pid === 'number' ? (record as LockRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** Who holds the lock, for people. */
export function describeHolder(path: string, { kernel, ...holder }: LockRecord): LockRefusal {
  const { pid, host, run, pipeline, since } = holder;
  const place = placeOf(holder);
  const hint =
    place === ''
      ? `wait until it ends, as "etl-tui run --wait" does, or stop it with: kill -INT ${pid}`
      : kernel && place === inAnotherContainer
        ? `wait until it ends, as "etl-tui run --wait" does, or stop it there with: kill -INT ${pid}`
        : `wait until it ends; if it no longer runs, remove "${path}"`;
  const code = 'run/locked';
  const severity = 'error';
  if (pid === 0) {
    const message = `Pipeline "${pipeline}" is being run by another process`;
    return { code, severity, message, hint: `wait until it ends; the lock is "${path}"` };
  }
  return {
    code,
    severity,
    message: `Pipeline "${pipeline}" is being run by process ${pid}${place}: run ${run}, since ${moment(since)}`,
    hint,
    holder: `locked by process ${pid} on ${host} since ${clockTime(since)}, run ${run}`,
  };
}

/** Stands for a holder that has not written its record. */
export function unknownHolder({ pipeline }: LockRecord): LockRecord {
  return { token: 'unknown', pid: 0, host: hostname(), run: '', pipeline, since: '', kernel: true };
}

const inAnotherContainer = ' in another container';

/** Where a process number means something, unless that is here. */
export function placeOf(holder: ProcessIdentity): string {
  if (holder.host !== hostname()) return ` on "${holder.host}"`;
  return isObservable(holder) ? '' : inAnotherContainer;
}

function moment(iso: string): string {
  const epochMs = Date.parse(iso);
  return Number.isNaN(epochMs) ? 'an unknown time' : formatMoment(epochMs);
}

/** The moment in local time, without its day: `08:15:02`. */
function clockTime(iso: string): string {
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? 'an unknown time' : moment.toTimeString().slice(0, 8);
}
