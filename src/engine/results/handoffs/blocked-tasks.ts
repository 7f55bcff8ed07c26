import type { TaskId } from '../../model/ids.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { causeKey, rootCausesOf, rootCausesOfRun } from '../causes/root-causes.ts';

const maxNames = 50;

/** What was not run because of a task or a check. */
export type Blocked = {
  /** At most 50 of them, in the order of the pipeline. */
  readonly blocked_tasks: readonly TaskId[];
  readonly blocked_count: number;
};

/** Finds what each root cause has kept from running. */
export function blockedTasks(state: RunState): (kind: 'task' | 'check', name: string) => Blocked {
  const found = new Map<string, TaskId[]>();
  for (const { index, spec } of state.plan.tasks) {
    for (const cause of rootCausesOf(state, index)) {
      const key = causeKey(cause);
      const known = found.get(key);
      if (known === undefined) found.set(key, [spec.id]);
      else known.push(spec.id);
    }
  }
  return (kind, name) => {
    const all = found.get(`${kind} ${name}`) ?? [];
    return { blocked_tasks: all.slice(0, maxNames), blocked_count: all.length };
  };
}

/** The tasks and checks that failed, at most 50. */
export function failedNames(state: RunState): readonly string[] {
  const names = rootCausesOfRun(state).flatMap((cause) => {
    if (cause.kind === 'task') return [cause.task];
    return cause.kind === 'check' ? [cause.check] : [];
  });
  return names.slice(0, maxNames);
}
