import type { TaskId } from '../../model/ids.ts';
import type { TaskReport } from '../../model/run/task-state.ts';
import { formatSize } from '../../model/text/format-size.ts';
import type { Conditions, PendingCondition } from '../../ports.ts';
import type { ReuseKeeper } from './reuse-keeper.ts';

/**
 * Conditions that ask first whether a task may be reused, and then whether it is needed.
 * @param mayBeReused whether that is asked of the task at this moment
 * @param isConditional whether the task has an `only_if`
 */
export function askReuseFirst(
  conditions: Conditions,
  keeper: Pick<ReuseKeeper, 'ask'> | undefined,
  mayBeReused: (task: TaskId) => boolean,
  isConditional: (task: TaskId) => boolean,
): Conditions {
  return {
    ...conditions,
    ask: (task, attempt, answered, told) => {
      if (keeper === undefined || !mayBeReused(task)) {
        if (isConditional(task)) return conditions.ask(task, attempt, answered);
        answered({ kind: 'needed' });
        return { stop: () => undefined };
      }
      const asking = new AbortController();
      let then: PendingCondition | undefined;
      const onProgress = told === undefined ? {} : { onProgress: tellSometimes(told) };
      void keeper.ask(task, { signal: asking.signal, ...onProgress }).then((verdict) => {
        if (asking.signal.aborted) return;
        if (verdict.kind === 'reused') return answered(verdict);
        const needed = { kind: 'needed', changed: verdict.change } as const;
        if (!isConditional(task)) return answered(needed);
        then = conditions.ask(task, attempt, (answer) => answered(answer.kind === 'needed' ? needed : answer));
      });
      return {
        stop: () => {
          asking.abort();
          then?.stop();
        },
      };
    },
  };
}

/** Less is read within a second or two, so that there is nothing to tell. */
const worthTellingBytes = 256 * 1024 ** 2;
const tellEveryMs = 1_000;

/** How much of its inputs is read, once a second. */
function tellSometimes(told: (report: TaskReport) => void): (read: number, all: number) => void {
  let lastAt = performance.now();
  return (read, all) => {
    const now = performance.now();
    if (all < worthTellingBytes || now - lastAt < tellEveryMs) return;
    lastAt = now;
    told({ progress: read / all, message: `${formatSize(read)} of ${formatSize(all)} of its inputs read` });
  };
}
