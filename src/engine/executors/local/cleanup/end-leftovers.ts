import { sleep } from '../../../platform/sleep.ts';
import { killGroup, signalProcess, terminateGroup } from './process-group.ts';
import type { ProcessTable } from './process-table.ts';
import { findStrays, type ProcessSignature } from './stray-processes.ts';

const shortestPauseMs = 10;
const longestPauseMs = 100;
/** A process that KILL does not end by then is stuck in the kernel, or somebody else's. */
const giveUpAfterMs = 5_000;

export type Leftovers = {
  readonly processes: ProcessTable;
  readonly traits: ProcessSignature;
  /** Whether the attempt's group may still have members. */
  readonly group: boolean;
  /** Whether the group was asked to end already. */
  readonly asked: boolean;
  /** When to use force, on the clock of `performance.now()`; asked for only when there is something left, and again. */
  readonly killAt: () => number;
};

/**
 * Ends what an attempt has left running, in its group and outside of it: politely, and by force once the grace is over.
 * Resolves to whether nothing is left. Costs little when nothing was.
 */
export async function endLeftovers({ processes, traits, group, asked, killAt }: Leftovers): Promise<boolean> {
  const { leader } = traits;
  const askedStrays = new Set<number>();
  let groupLives = group && processes.isGroupAlive(leader);
  if (groupLives && !asked) terminateGroup(leader);
  for (let wait = shortestPauseMs; ; wait = Math.min(longestPauseMs, wait * 2)) {
    const strays = await findStrays(processes, traits);
    if (!groupLives && strays.length === 0) return true;
    const now = performance.now();
    const useForce = now >= killAt();
    if (now > killAt() + giveUpAfterMs) return false;
    if (groupLives && useForce) killGroup(leader);
    for (const pid of strays) {
      if (useForce && askedStrays.has(pid)) signalProcess(pid, 'SIGKILL');
      else if (!askedStrays.has(pid)) askStray(pid);
      askedStrays.add(pid);
    }
    await sleep(wait);
    groupLives &&= processes.isGroupAlive(leader);
  }
}

/** One that is stopped could not hear the request, so it is woken. */
function askStray(pid: number): void {
  signalProcess(pid, 'SIGTERM');
  signalProcess(pid, 'SIGCONT');
}
