import type { TaskId } from '../model/ids.ts';
import type { Effect } from '../model/run/messages.ts';
import { unreachable } from '../model/unreachable.ts';
import type { Conditions, PendingCondition } from '../ports.ts';
import type { RunLoop } from './run-loop.ts';

export type ConditionEffect = Extract<
  Effect,
  { readonly type: 'ask-condition' | 'await-condition' | 'stop-condition' }
>;

export type ConditionPerformer = {
  perform(effect: ConditionEffect, loop: RunLoop): void;
  stopAll(): void;
};

/** Finds out what tasks wait for before they start: at most one thing of each task at a time. */
export function createConditionPerformer(conditions: Conditions): ConditionPerformer {
  const pending = new Map<TaskId, PendingCondition>();

  const stop = (task: TaskId) => {
    pending.get(task)?.stop();
    pending.delete(task);
  };

  /** What was begun for the task before is stopped. */
  const begin = (task: TaskId, start: (end: () => void) => PendingCondition) => {
    stop(task);
    // It may end before `start` returns; then it is not stored.
    let isOver = false;
    const begun = start(() => {
      isOver = true;
      pending.delete(task);
    });
    if (!isOver) pending.set(task, begun);
  };

  return {
    perform: (effect, loop) => {
      const { task } = effect;
      switch (effect.type) {
        case 'ask-condition': {
          const { attempt } = effect;
          begin(task, (end) =>
            conditions.ask(
              task,
              attempt,
              (answer) => {
                end();
                loop.dispatch({ type: 'answered', task, attempt, answer });
              },
              (report) => void loop.dispatch({ type: 'reported', task, attempt, report }),
            ),
          );
          return;
        }
        case 'await-condition':
          begin(task, (end) =>
            conditions.awaitArrival(task, effect.attempt, (failure) => {
              end();
              loop.dispatch({ type: 'arrived', task, ...(failure === undefined ? {} : { failure }) });
            }),
          );
          return;
        case 'stop-condition':
          stop(task);
          return;
        default:
          unreachable(effect);
      }
    },
    stopAll: () => {
      for (const task of [...pending.keys()]) stop(task);
    },
  };
}
