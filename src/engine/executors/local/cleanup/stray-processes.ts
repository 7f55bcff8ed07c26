import { readFileSync, readlinkSync } from 'node:fs';
import type { ProcessTable } from './process-table.ts';

/** How to recognise what an attempt has started, though it has left the attempt's process group. */
export type ProcessSignature = {
  readonly leader: number;
  /** An entry of the environment that only this attempt's processes have: `NAME=value`. */
  readonly mark: string;
  /** What /proc calls the attempt's output pipes. */
  readonly pipeNames: readonly string[];
  /** Whether so much time has passed that process ids may have gone round. */
  readonly longAgo: boolean;
  /** Slots and leaders of attempts, none of which is a stray; nor are their children. */
  readonly isOurs: (pid: number) => boolean;
};

/** Up to this many ids are asked for one by one, which is cheaper than a list of all processes. */
const fewIds = 64;
const pauseAfter = 64;

/**
 * Living processes of an attempt outside its group (after `setsid`, or as a daemon). Process ids are given out in turn,
 * so that only those after the leader's come into question; without that, the search would cost more than a short task.
 * Where there is no /proc nothing is found.
 */
export async function findStrays(processes: ProcessTable, traits: ProcessSignature): Promise<readonly number[]> {
  const newest = processes.newest();
  if (newest === undefined) return [];
  const found: number[] = [];
  let looked = 0;
  for (const pid of suspects(processes, traits, newest)) {
    if (traits.isOurs(pid) || !processes.exists(pid)) continue;
    if (++looked % pauseAfter === 0) await new Promise(setImmediate);
    if (belongs(processes, pid, traits)) found.push(pid);
  }
  return found;
}

function suspects(processes: ProcessTable, { leader, longAgo }: ProcessSignature, newest: number): readonly number[] {
  const roundTrip = newest < leader;
  if (!longAgo && !roundTrip && newest - leader <= fewIds) {
    return Array.from({ length: newest - leader }, (_, index) => leader + 1 + index);
  }
  const all = processes.pids() ?? [];
  return longAgo
    ? all
    : all.filter((pid) => (roundTrip ? pid > leader || pid <= newest : pid > leader && pid <= newest));
}

function belongs(processes: ProcessTable, pid: number, { leader, mark, pipeNames, isOurs }: ProcessSignature): boolean {
  const found = processes.update(pid);
  if (found === undefined || found.group === leader) return false;
  // Another attempt's: in its group, or about to lead one. Seen here, it costs no look at its environment.
  if (isOurs(found.group) || isOurs(found.parent)) return false;
  return hasMark(pid, mark) || ['1', '2'].some((fd) => pipeNames.includes(linkTarget(`/proc/${pid}/fd/${fd}`)));
}

function hasMark(pid: number, mark: string): boolean {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'utf8')}`.includes(`\0${mark}\0`);
  } catch {
    return false;
  }
}

/** Asking for the link rather than for the file cannot get stuck on a dead network drive. */
function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
