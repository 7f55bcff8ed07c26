import { awaitedBy } from '../../display/end-text.ts';
import { checkDisplay } from '../../display/states/check-display.ts';
import { conditionOf } from '../../display/states/task-display.ts';
import { entryAt, executionWaves } from '../../engine/index.ts';
import { atEnd } from '../plan/plan-json.ts';
import type { DrawnGraph } from './drawn-graph.ts';

/** The graph for programs: every task by itself, and every edge. */
export function graphJson({ plan, tasks, run }: DrawnGraph): object {
  const nameOf = (task: number) => plan.tasks[task]!.spec.id;
  const namesOf = (some: readonly number[]) => some.filter((task) => tasks.has(task)).map(nameOf);
  const waveOf = new Map(executionWaves(plan).flatMap((wave, at) => wave.map((task) => [task, at + 1] as const)));
  return {
    pipeline: plan.pipeline.name,
    plan_hash: plan.hash,
    run_id: run?.state.options.run,
    levels: plan.pipeline.levels.map(({ id, mode }) => ({
      level: id,
      mode,
      tasks: namesOf(plan.levels.get(id) ?? []),
    })),
    tasks: [...tasks]
      .sort((one, other) => one - other)
      .map((task) => {
        const { spec, skip } = plan.tasks[task]!;
        const entry = run === undefined ? undefined : entryAt(run.state.tasks, task);
        return {
          task: spec.id,
          level: spec.level ?? null,
          ...(spec.instance === undefined ? {} : { matrix: spec.instance.of, values: spec.instance.values }),
          wave: waveOf.get(task) ?? null,
          after: namesOf(awaitedBy(plan.tasks[task]!)),
          ...atEnd(plan.tasks[task]!),
          ...(skip ? { skip } : {}),
          ...(entry === undefined ? {} : { state: conditionOf(entry), attempts: entry.attempts }),
        };
      }),
    checks: plan.checks.map(({ index, spec, after, gates, atEnd: isAtEnd }) => ({
      check: spec.name,
      after: namesOf(after),
      gates: namesOf(gates),
      at_end: isAtEnd,
      ...(run === undefined ? {} : { state: checkDisplay(run.state, index).word }),
    })),
  };
}
