import { setTimeout as pause } from 'node:timers/promises';
import { failed, type Result } from '../../model/result.ts';
import { formatLimit } from '../../model/text/format-duration.ts';
import type { LockRefusal } from '../../storage/locks/lock-record.ts';
import type { RunLock } from '../../storage/runs/run-lock.ts';

/** How long a run waits until another run of its pipeline has ended. */
export type LockWait = {
  /** Absent = as long as it takes. */
  readonly maxMs?: number;
  /** Once aborted, it is not waited any longer. */
  readonly stop?: AbortSignal;
};

type Taken = Result<RunLock, LockRefusal>;

const lookEveryMs = 1_000;

/**
 * Takes the lock of a run; when another run holds it, tries again each second and says whom it waits for, once for each
 * holder. Errors: those of `take`; `run/locked` when there is no `wait`, when its time is over, or when it was stopped.
 */
export async function lockWhenFree(
  take: (isFirst: boolean) => Taken | Promise<Taken>,
  wait: LockWait | undefined,
  onProgress: (line: string) => void = () => undefined,
): Promise<Result<RunLock, LockRefusal>> {
  const begin = performance.now();
  let told: string | undefined;
  for (;;) {
    const taken = await take(told === undefined);
    if (taken.ok || wait === undefined || taken.error.code !== 'run/locked' || wait.stop?.aborted) return taken;
    const { maxMs = Number.POSITIVE_INFINITY, stop } = wait;
    const leftMs = maxMs - (performance.now() - begin);
    const { message } = taken.error;
    if (leftMs <= 0) return failed({ ...taken.error, message: `${message}; gave up after ${formatLimit(maxMs)}` });
    if (message !== told)
      onProgress(`waiting${Number.isFinite(maxMs) ? ` at most ${formatLimit(maxMs)}` : ''}: ${message}`);
    told = message;
    // Aborted, it looks once more, and returns who holds the lock.
    await pause(Math.min(lookEveryMs, leftMs), undefined, stop === undefined ? {} : { signal: stop }).catch(
      () => undefined,
    );
  }
}
