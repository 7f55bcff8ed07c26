import { readFileSync, readlinkSync } from 'node:fs';
import type { ProcessTable } from './process-table.ts';

/** How to recognise a process that an attempt has started, although it has left the attempt's process group. */
export type ProcessSignature = {
  readonly leader: number;
  /** An entry of the environment that only this attempt's processes have: `NAME=value`. */
  readonly mark: string;
  /** The link texts in /proc of the attempt's output pipes. */
  readonly pipeNames: readonly string[];
  /** Whether the attempt began so long ago that the kernel may have reused process ids. */
  readonly pidsMayBeReused: boolean;
  /** Slots and leaders of attempts. Neither they nor their children are strays. */
  readonly isOwn: (pid: number) => boolean;
};

/** Up to this many pids are examined one by one, which is cheaper than listing all processes. */
const maxSinglePids = 64;
/** After this many processes the event loop gets a turn. */
const yieldEvery = 64;

/**
 * Living processes of an attempt outside its group (after `setsid`, or as a daemon). The kernel assigns pids in ascending
 * order, so that only those after the leader's are examined: examining all would cost more than a short task does.
 * Where there is no /proc nothing is found.
 */
export async function findStrays(processes: ProcessTable, signature: ProcessSignature): Promise<readonly number[]> {
  const newest = processes.newest();
  if (newest === undefined) return [];
  const found: number[] = [];
  let examined = 0;
  for (const pid of candidates(processes, signature, newest)) {
    if (signature.isOwn(pid) || !processes.exists(pid)) continue;
    if (++examined % yieldEvery === 0) await new Promise(setImmediate);
    if (belongs(processes, pid, signature)) found.push(pid);
  }
  return found;
}

function candidates(
  processes: ProcessTable,
  { leader, pidsMayBeReused }: ProcessSignature,
  newest: number,
): readonly number[] {
  const wrapped = newest < leader;
  if (!pidsMayBeReused && !wrapped && newest - leader <= maxSinglePids) {
    return Array.from({ length: newest - leader }, (_, index) => leader + 1 + index);
  }
  const all = processes.pids() ?? [];
  return pidsMayBeReused
    ? all
    : all.filter((pid) => (wrapped ? pid > leader || pid <= newest : pid > leader && pid <= newest));
}

function belongs(processes: ProcessTable, pid: number, { leader, mark, pipeNames, isOwn }: ProcessSignature): boolean {
  const found = processes.find(pid);
  if (found === undefined || found.group === leader) return false;
  // Of another attempt: in its group, or about to lead one.
  if (isOwn(found.group) || (found.parent !== leader && isOwn(found.parent))) return false;
  return hasMark(pid, mark) || ['1', '2'].some((fd) => pipeNames.includes(linkTarget(`/proc/${pid}/fd/${fd}`)));
}

function hasMark(pid: number, mark: string): boolean {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'utf8')}`.includes(`\0${mark}\0`);
  } catch {
    return false;
  }
}

/** The link itself is read, because following it may block on a dead network drive. */
function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
