import type { PipelineGraph } from '../../display/graph/pipeline-graph.ts';
import type { Plan, RunState } from '../../engine/index.ts';

/** What is drawn, in whatever form. */
export type DrawnGraph = {
  readonly plan: Plan;
  readonly graph: PipelineGraph;
  /** Indices of the tasks that are drawn, those at the end of the run among them. */
  readonly tasks: ReadonlySet<number>;
  /** The run whose states are painted on it; its plan is the one that is drawn. */
  readonly run?: { readonly state: RunState; readonly title: string };
};

/** The checks that hold nothing back and stand behind a node: those that come after one of its tasks. */
export function checksAfter({ plan }: DrawnGraph, tasks: readonly number[]): Plan['checks'] {
  return plan.checks.filter(({ gates, after }) => gates.length === 0 && after.some((task) => tasks.includes(task)));
}

/** The drawn tasks that run at the end of the run. */
export function drawnEnds({ plan, tasks }: DrawnGraph): readonly number[] {
  return plan.ends.filter((task) => tasks.has(task));
}

/** The checks that wait for the whole run. */
export function checksAtEnd({ plan }: DrawnGraph): Plan['checks'] {
  return plan.checks.filter(({ atEnd }) => atEnd);
}
