import type { TaskId } from '../../model/ids.ts';
import type { Plan } from '../../model/pipeline/plan.ts';
import type { ResumeDecision } from '../../model/run/resume-decision.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { isOutcome } from '../../model/run/task-state.ts';
import { entryAt, type TaskEntry } from '../../model/run/task-table.ts';

type Decisions = Map<TaskId, ResumeDecision>;

/**
 * What becomes of the tasks at the end, and of what teardowns among them have taken down, once all others are decided:
 * 1. A setup runs again when its teardown has begun and something runs again that needs it. What was made with it stays;
 *    what was not needed because the setup found nothing to do waits for it again.
 * 2. A task at the end runs again when something runs again that comes before it; behind another one at the end only if it has
 *    not ended yet.
 */
export function decideEnds(before: RunState, plan: Plan, decisions: Decisions): void {
  if (plan.ends.length === 0) return;
  const entryOf = (index: number): TaskEntry | undefined => {
    const old = before.plan.indexOf.get(plan.tasks[index]!.spec.id);
    return old === undefined ? undefined : entryAt(before.tasks, old);
  };
  /** Without a decision, what has an outcome keeps it. */
  const keepsOutcome = (index: number) => {
    const decision = decisions.get(plan.tasks[index]!.spec.id);
    if (decision !== undefined) return decision.kind === 'reused';
    const entry = entryOf(index);
    return entry !== undefined && isOutcome(entry.state);
  };
  const runs = (index: number) => !plan.tasks[index]!.skip && !keepsOutcome(index);
  const others = plan.tasks.filter(({ end }) => end === undefined).map(({ index }) => index);
  repeatSetups(plan, decisions, entryOf, runs);
  const first = others.find(runs);
  for (const index of plan.ends) {
    const { when, after } = plan.tasks[index]!.end!;
    const { id } = plan.tasks[index]!.spec;
    // What failed or was cancelled starts anew in any case, and what a person has skipped stays so.
    const isAdopted = decisions.get(id)?.kind === 'adopted';
    if (!(keepsOutcome(index) || isAdopted) || entryOf(index)?.state.kind === 'skipped') continue;
    const isEnd = (other: number) => plan.tasks[other]!.end !== undefined;
    const cause =
      (when === 'teardown' ? after.find((other) => !isEnd(other) && runs(other)) : first) ??
      (isAdopted ? after.find((other) => isEnd(other) && runs(other)) : undefined);
    if (cause !== undefined) decisions.set(id, { kind: 'end', task: plan.tasks[cause]!.spec.id });
  }
}

/** The last setup first: one that runs again needs those before it. */
function repeatSetups(
  plan: Plan,
  decisions: Decisions,
  entryOf: (index: number) => TaskEntry | undefined,
  runs: (index: number) => boolean,
): void {
  const placeOf = new Map(plan.order.map((index, place) => [index, place]));
  const teardowns = plan.ends
    .flatMap((index) => {
      const { after, setup } = plan.tasks[index]!.end!;
      return setup === undefined ? [] : [{ index, after, setup }];
    })
    .sort((one, other) => placeOf.get(other.setup)! - placeOf.get(one.setup)!);
  for (let before = -1; decisions.size > before; ) {
    before = decisions.size;
    for (const { index, after, setup } of teardowns) {
      const isUsed = after.some((other) => other !== setup && plan.tasks[other]!.end === undefined && runs(other));
      if (entryOf(index)?.tookDown !== true || runs(setup) || !isUsed) continue;
      if (entryOf(setup)?.state.kind === 'skipped') continue;
      decisions.set(plan.tasks[setup]!.spec.id, { kind: 'torn-down', by: plan.tasks[index]!.spec.id });
    }
    // What waits for a setup again may need another one.
    for (const { index, spec, skip } of plan.tasks) {
      const state = entryOf(index)?.state;
      if (skip || state?.kind !== 'not-needed' || state.because === undefined || decisions.has(spec.id)) continue;
      if (decisions.get(state.because)?.kind === 'torn-down')
        decisions.set(spec.id, { kind: 'upstream', task: state.because });
    }
  }
}
