import { sleep } from '../../../platform/sleep.ts';
import { killGroup, signalProcess, terminateGroup, terminateProcess } from './process-group.ts';
import type { ProcessTable } from './process-table.ts';
import { findStrays, type ProcessSignature } from './stray-processes.ts';

const minPollMs = 10;
const maxPollMs = 100;
/** A process that SIGKILL does not end by then is stuck in the kernel, or belongs to another user. */
const giveUpAfterMs = 5_000;

export type Leftovers = {
  readonly processes: ProcessTable;
  readonly signature: ProcessSignature;
  /** Whether the attempt's group may still have members. */
  readonly groupIsAlive: boolean;
  /** Whether the group has been sent SIGTERM already. */
  readonly isTerminating: boolean;
  /** When to send SIGKILL, on the clock of `performance.now()`. Called only when something is left, and each round anew. */
  readonly killAt: () => number;
};

/**
 * Ends what an attempt has left running, in its group and outside of it: by SIGTERM, and by SIGKILL once the grace is
 * over. Resolves to whether nothing is left.
 */
export async function endLeftovers(leftovers: Leftovers): Promise<boolean> {
  const { processes, signature, isTerminating, killAt } = leftovers;
  const { leader } = signature;
  const terminated = new Set<number>();
  let groupIsAlive = leftovers.groupIsAlive && processes.isGroupAlive(leader);
  if (groupIsAlive && !isTerminating) terminateGroup(leader);
  for (let pollMs = minPollMs; ; pollMs = Math.min(maxPollMs, pollMs * 2)) {
    const strays = await findStrays(processes, signature);
    if (!groupIsAlive && strays.length === 0) return true;
    const now = performance.now();
    const isGraceOver = now >= killAt();
    if (now > killAt() + giveUpAfterMs) return false;
    if (groupIsAlive && isGraceOver) killGroup(leader);
    for (const pid of strays) {
      if (isGraceOver && terminated.has(pid)) signalProcess(pid, 'SIGKILL');
      else if (!terminated.has(pid)) terminateProcess(pid);
      terminated.add(pid);
    }
    await sleep(pollMs);
    groupIsAlive &&= processes.isGroupAlive(leader);
  }
}
