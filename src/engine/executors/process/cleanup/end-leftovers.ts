import { sleep } from '../../../platform/sleep.ts';
import { killGroup, signalProcess, terminateGroup, terminateProcess } from './process-group.ts';
import type { ProcessTable } from './process-table.ts';
import { findStrays, type ProcessSignature } from './stray-processes.ts';

const minPollMs = 10;
const maxPollMs = 100;
/**
 * A process that lives so long after the first SIGKILL is stuck in the kernel, or belongs to another user. Counted from the
 * SIGKILL and not from when it was due: a busy machine, or a stop of this process, may put any time between the two.
 */
const giveUpAfterMs = 5_000;

export type Leftovers = {
  readonly processes: ProcessTable;
  readonly signature: ProcessSignature;
  /** The processes outside the group that have been sent SIGTERM; further ones are added. */
  readonly terminated: Set<number>;
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
  const { processes, signature, terminated, isTerminating, killAt } = leftovers;
  const { leader } = signature;
  let killedAt: number | undefined;
  let groupIsAlive = leftovers.groupIsAlive && processes.isGroupAlive(leader);
  if (groupIsAlive && !isTerminating) terminateGroup(leader);
  for (let pollMs = minPollMs; ; pollMs = Math.min(maxPollMs, pollMs * 2)) {
    const lookedAt = performance.now();
    const known = new Set(terminated);
    const strays = await terminateStrays(processes, signature, terminated);
    if (!groupIsAlive && strays.length === 0) return true;
    if (killedAt !== undefined && lookedAt > killedAt + giveUpAfterMs) return false;
    if (performance.now() >= killAt()) {
      const due = strays.filter((pid) => known.has(pid));
      for (const pid of due) signalProcess(pid, 'SIGKILL');
      if (groupIsAlive) killGroup(leader);
      if (groupIsAlive || due.length > 0) killedAt ??= performance.now();
    }
    await sleep(pollMs);
    groupIsAlive &&= processes.isGroupAlive(leader);
  }
}

/** Sends SIGTERM to the strays of an attempt that are not in `terminated`, and adds them. Returns all strays. */
export async function terminateStrays(
  processes: ProcessTable,
  signature: ProcessSignature,
  terminated: Set<number>,
): Promise<readonly number[]> {
  const strays = await findStrays(processes, signature);
  for (const pid of strays) if (!terminated.has(pid)) terminateProcess(pid);
  for (const pid of strays) terminated.add(pid);
  return strays;
}
