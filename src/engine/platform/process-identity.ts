import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Identifies a process across pid reuse. On Linux, besides pid and host: its start time in clock ticks since boot, the id
 * of the boot, and the pid namespace. The keys are part of the lock file's format.
 */
export type ProcessIdentity = {
  readonly pid: number;
  readonly host: string;
  readonly startTime?: string;
  readonly boot?: string;
  readonly pidSpace?: string;
};

export function ownIdentity(): ProcessIdentity {
  const startTime = startTimeOf(process.pid);
  const boot = readBoot();
  const pidSpace = readPidSpace();
  return {
    pid: process.pid,
    host: hostname(),
    ...(startTime === undefined ? {} : { startTime }),
    ...(boot === undefined ? {} : { boot }),
    ...(pidSpace === undefined ? {} : { pidSpace }),
  };
}

/**
 * Whether the process still runs. One on another host cannot be checked and counts as alive. One of this host but from
 * another boot or another pid namespace (a restarted container with the same host name) is gone.
 */
export function isAlive(known: ProcessIdentity): boolean {
  if (known.host !== hostname()) return true;
  if (known.boot !== readBoot() || known.pidSpace !== readPidSpace()) return false;
  if (!exists(known.pid)) return false;
  if (known.startTime === undefined) return true;
  return startTimeOf(known.pid) === known.startTime;
}

/** Whether its number means to this process what it meant to itself, so that `isAlive` knows. */
export function isObservable({ host, boot, pidSpace }: ProcessIdentity): boolean {
  return host === hostname() && boot === readBoot() && pidSpace === readPidSpace();
}

/** Whether it belongs to this boot of this machine, perhaps in another container and under another host name. */
export function isOfThisKernel({ host, boot }: ProcessIdentity): boolean {
  return boot === undefined ? host === hostname() : boot === readBoot();
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of `/proc/<pid>/stat`; undefined also for a zombie, which has ended but was not yet waited for. */
function startTimeOf(pid: number): string | undefined {
  const stat = textOf(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  // The program's name may contain spaces and parentheses, so counting starts after the last parenthesis, with field 3.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

function readBoot(): string | undefined {
  return textOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim());
}

function readPidSpace(): string | undefined {
  return textOf(() => readlinkSync('/proc/self/ns/pid'));
}

function textOf(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
