import type { AttemptRef, RunId } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { sleep } from '../../platform/sleep.ts';
import type { AttemptObserver } from '../../ports.ts';
import { isOver } from './job-end.ts';
import { attemptOf } from './job-options.ts';
import type { SlurmCommands } from './slurm-commands.ts';

const askEveryMs = 1_000;
/** A job of a node that does not answer may never be over. */
const endWithinMs = 120_000;

/**
 * Takes the jobs of `run` out of Slurm, but for those of `isLeft`, and returns the attempts when none of them runs any more. The error
 * says why Slurm does not tell.
 */
export async function endJobsOf(
  run: RunId,
  commands: Pick<SlurmCommands, 'queue' | 'cancel'>,
  isLeft: (ref: AttemptRef) => boolean,
  observerOf: (ref: AttemptRef) => AttemptObserver,
): Promise<Result<readonly AttemptRef[], string>> {
  let silence: string | undefined;
  const found = new Map<string, AttemptRef>();
  const cancelled = new Set<string>();
  for (const until = performance.now() + endWithinMs; performance.now() < until; await sleep(askEveryMs)) {
    const queue = await commands.queue();
    silence = queue.ok ? undefined : queue.error;
    if (!queue.ok) continue;
    const alive = [...queue.value].flatMap(([name, jobs]) => {
      const ref = attemptOf(name);
      const ids = jobs.filter((job) => !isOver(job)).map(({ id }) => id);
      if (ref?.run !== run || ids.length === 0 || isLeft(ref)) return [];
      found.set(name, ref);
      return ids;
    });
    if (alive.length === 0) break;
    const fresh = alive.filter((id) => !cancelled.has(id));
    for (const id of fresh) cancelled.add(id);
    // SIGTERM, and SIGKILL after the time that the cluster grants.
    if (fresh.length > 0) await commands.cancel(fresh);
  }
  if (silence !== undefined) return failed(silence);
  const message = 'its etl-tui process has ended; its job was taken out of Slurm';
  for (const ref of found.values()) observerOf(ref).exited({ kind: 'lost', why: 'runner-gone', message });
  return ok([...found.values()]);
}
