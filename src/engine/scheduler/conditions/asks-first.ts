import type { RunState } from '../../model/run/run-state.ts';

/** Whether a task is asked whether it is needed before it starts. */
export function asksFirst({ plan }: Pick<RunState, 'plan'>, index: number): boolean {
  return plan.tasks[index]!.spec.onlyIf !== undefined;
}
