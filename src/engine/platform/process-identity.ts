import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * What tells a process from a later one that was given its number. The system's own words are used only where they can
 * be had (Linux): when the process started, in clock ticks since boot; which boot; which space of process numbers.
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
 * Whether the process still runs. One on another host cannot be seen and counts as alive. One of this host but from
 * another boot, or another space of process numbers (a container of the same name that was started again), is gone.
 */
export function isAlive(known: ProcessIdentity): boolean {
  if (known.host !== hostname()) return true;
  if (known.boot !== readBoot() || known.pidSpace !== readPidSpace()) return false;
  if (!exists(known.pid)) return false;
  if (known.startTime === undefined) return true;
  return startTimeOf(known.pid) === known.startTime;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of `/proc/<pid>/stat`; undefined also for a process that has ended and whose parent has not looked yet. */
function startTimeOf(pid: number): string | undefined {
  const stat = textOf(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  // The program's name may hold anything, so that counting begins behind its closing bracket, with field 3.
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
