import type { LevelId, RunId, TaskId } from './ids.ts';
import type { CheckSpec, PipelineSpec, TaskSpec } from './pipeline.ts';

/** A task in its place in the graph. Tasks are addressed by their index in `Plan.tasks`, which makes graphs of ten thousand cheap. */
export type PlannedTask = {
  readonly index: number;
  readonly spec: TaskSpec;
  readonly upstream: readonly number[];
  readonly downstream: readonly number[];
  /** 0 starts first: the order in which tasks that are ready get a slot. */
  readonly rank: number;
  /** Set aside by the operator before the run (`--skip`): it never runs, and its dependants treat it as done. */
  readonly skip: boolean;
};

export type PlannedCheck = {
  readonly index: number;
  readonly spec: CheckSpec;
  /** Tasks of this plan it waits for; with `atEnd` it waits for the whole run. */
  readonly after: readonly number[];
  readonly atEnd: boolean;
  /** Tasks that may not start before it has passed; empty unless it is a gate. */
  readonly gates: readonly number[];
};

/** Names of tasks or levels, as an operator gave them; each option narrows what the others leave. */
export type Selection = {
  readonly only?: readonly string[];
  /** These and everything downstream of them. */
  readonly from?: readonly string[];
  /** These and everything upstream of them. */
  readonly until?: readonly string[];
  /** Stay in the plan, set aside. */
  readonly skip?: readonly string[];
};

/** What will run: an immutable graph without cycles or unknown names, so that later code needs no checks. */
export type Plan = {
  readonly pipeline: PipelineSpec;
  /** What it was made with; made again with the same, it is the same plan. */
  readonly selection: Selection;
  readonly tasks: readonly PlannedTask[];
  readonly indexOf: ReadonlyMap<TaskId, number>;
  /** Indices in a dependency order that keeps the author's order wherever it can. */
  readonly order: readonly number[];
  /** Indices by rank: `byRank[0]` starts first. */
  readonly byRank: readonly number[];
  readonly levels: ReadonlyMap<LevelId, readonly number[]>;
  readonly checks: readonly PlannedCheck[];
  /** Changes when anything that decides what runs changes; 16 hexadecimal digits. */
  readonly hash: string;
};

/** How a run goes about its plan. */
export type RunOptions = {
  readonly run: RunId;
  /** Seeds every random choice of the run (retry jitter). */
  readonly seed: number;
  readonly maxParallel: number;
  /** One task at a time in dependency order, and nothing new after the first failure. */
  readonly sequential: boolean;
  readonly runChecks: boolean;
  /** Database connections that tasks may hold together; undefined = not counted. */
  readonly connectionBudget?: number;
  /** The values of the parameters as the journal keeps them: masked. */
  readonly params?: Readonly<Record<string, string>>;
};
