import { formatNumber } from '../../display/format/format-count.ts';
import { conditionOf, taskDisplays } from '../../display/states/task-display.ts';
import { entryAt, isOutcome, type RunEvent, type RunState, type TaskId } from '../../engine/index.ts';
import { type EventLine, entryOf } from './event-line.ts';

/** Of more instances than this, those that simply succeed get no line of their own. */
const maxLines = 20;
/** In place of them, so many lines say how far a task has come. */
const steps = 10;

/**
 * The success of an instance of a task that has many: in place of its line there is one for every tenth of them. Whatever
 * else happens to an instance has its line.
 */
export function foldInstances(): {
  /** `hidden` when the event needs no line; else the line that replaces it, when there is one. */
  readonly lineOf: (event: RunEvent, state: RunState) => EventLine | 'hidden' | undefined;
} {
  /** By task: how many instances have an outcome, and how many tenths of them were told. */
  const progress = new Map<TaskId, { ended: number; told: number }>();

  return {
    lineOf: (event, state) => {
      if (event.type !== 'task.finished' && event.type !== 'task.reset') return undefined;
      const of = state.plan.tasks[state.plan.indexOf.get(event.task)!]!.spec.instance?.of;
      const instances = of === undefined ? undefined : state.plan.families.get(of);
      if (of === undefined || instances === undefined || instances.length <= maxLines) return undefined;
      const known = progress.get(of);
      // They are counted once, and not again for each of ten thousand.
      const ended =
        known === undefined ? countEnded(state, instances) : known.ended + (event.type === 'task.reset' ? -1 : 1);
      const step = Math.floor((ended * steps) / instances.length);
      const isStep = step > (known?.told ?? 0);
      progress.set(of, { ended, told: isStep ? step : (known?.told ?? 0) });
      if (conditionOf(entryOf(state, event.task)) !== 'succeeded') return undefined;
      if (!isStep) return 'hidden';
      const details = [`${formatNumber(ended)} of ${formatNumber(instances.length)} instances`];
      return { ...taskDisplays.succeeded, name: of, details };
    },
  };
}

function countEnded({ tasks }: RunState, instances: readonly number[]): number {
  return instances.filter((index) => isOutcome(entryAt(tasks, index).state)).length;
}
