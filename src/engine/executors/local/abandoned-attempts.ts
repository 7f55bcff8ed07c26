import { readFileSync } from 'node:fs';
import type { RunId } from '../../model/ids.ts';
import { type AttemptRef, formatAttemptRef } from '../../model/ids.ts';
import { sleep } from '../../platform/sleep.ts';
import { signalProcess, terminateProcess } from '../process/cleanup/process-group.ts';
import type { ProcessTable } from '../process/cleanup/process-table.ts';
import { findMark, type ProcessMark } from '../process/process-mark.ts';

const pollMs = 50;
/** A process that lives so long after the first SIGKILL is stuck in the kernel. */
const giveUpAfterMs = 5_000;

/** A living process that carries the mark of an attempt. The start time tells it from a later one with the same pid. */
type MarkedProcess = ProcessMark & { readonly pid: number; readonly startTime: string };

/**
 * Ends the attempts of `run` whose runner has died without doing so, and whose guardian has died as well. Each round:
 *
 * 1. Find the living processes that carry a mark of the run and of another runner than `ownRunner`.
 * 2. Send SIGTERM to each that was not seen before, by pid and start time.
 * 3. Send SIGKILL to each whose grace, as its mark says, is over.
 *
 * Ends when nothing is found any more. Returns the attempts that were found; none where there is no /proc.
 */
export async function endAbandonedAttempts(
  processes: ProcessTable,
  run: RunId,
  ownRunner: string,
): Promise<readonly AttemptRef[]> {
  const found = new Map<string, AttemptRef>();
  const firstSeen = new Map<string, number>();
  const killedAt = new Map<string, number>();
  for (;;) {
    const now = performance.now();
    let left = 0;
    for (const { pid, startTime, ref, killGraceMs } of markedProcesses(processes, run, ownRunner)) {
      found.set(formatAttemptRef(ref), ref);
      const key = `${pid} ${startTime}`;
      const since = firstSeen.get(key);
      if (since === undefined) {
        firstSeen.set(key, now);
        terminateProcess(pid);
      } else if (now > (killedAt.get(key) ?? now) + giveUpAfterMs) continue;
      else if (now >= since + killGraceMs) {
        signalProcess(pid, 'SIGKILL');
        if (!killedAt.has(key)) killedAt.set(key, performance.now());
      }
      left += 1;
    }
    if (left === 0) return [...found.values()];
    await sleep(pollMs);
  }
}

function markedProcesses(processes: ProcessTable, run: RunId, ownRunner: string): readonly MarkedProcess[] {
  return (processes.pids() ?? []).flatMap((pid) => {
    const mark = markOf(pid);
    if (mark === undefined || mark.ref.run !== run || mark.runner === ownRunner) return [];
    const process = processes.find(pid);
    return process === undefined || pid <= 1 ? [] : [{ ...mark, pid, startTime: process.startTime }];
  });
}

/** Undefined, too, for a process of another user, whose environment cannot be read. */
function markOf(pid: number): ProcessMark | undefined {
  try {
    return findMark(readFileSync(`/proc/${pid}/environ`, 'utf8'));
  } catch {
    return undefined;
  }
}
