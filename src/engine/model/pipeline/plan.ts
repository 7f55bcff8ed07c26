import type { LevelId, RunId, TaskId } from '../ids.ts';
import { ok, type Result } from '../result.ts';
import type { TaskNeeds } from '../run/capacity.ts';
import type { LastGood, Staleness } from '../run/staleness.ts';
import type { MatrixLines, MatrixValues } from './matrix.ts';
import type { CheckSpec, PipelineSpec, TaskSpec } from './pipeline.ts';

/** A node of the graph. Tasks are addressed by their index in `Plan.tasks`, which keeps graphs of ten thousand tasks cheap. */
export type PlannedTask = {
  readonly index: number;
  readonly spec: TaskSpec;
  readonly upstream: readonly number[];
  readonly downstream: readonly number[];
  /** The priority for slots among ready tasks; 0 starts first. */
  readonly rank: number;
  /** Skipped by the operator before the run (`--skip`): it never runs, and its downstream treats it as done. */
  readonly skip: boolean;
  /** Set when it runs at the end, whatever happened before. Such a task has neither upstream nor downstream. */
  readonly end?: PlannedEnd;
  /** In a sequential matrix: the instance that must have an outcome before, and the one that waits for this one. */
  readonly turn?: { readonly after?: number; readonly before?: number };
};

/**
 * When a task at the end runs. `always` and `on-failure`: once every task that is not one has an outcome, the latter only when
 * the run has not succeeded. `teardown`: once everything downstream of its setup has an outcome.
 */
export type PlannedEnd = {
  readonly when: 'always' | 'on-failure' | 'teardown';
  /**
   * Tasks that must have an outcome before, whatever it is: the tasks at the end that it depends on; for a teardown also its
   * setup, everything downstream of that, and the teardowns of setups downstream of it.
   */
  readonly after: readonly number[];
  /** The task that a teardown takes down; absent when that is not part of the plan. */
  readonly setup?: number;
};

export type PlannedCheck = {
  readonly index: number;
  readonly spec: CheckSpec;
  /** The tasks of this plan that it waits for; with `atEnd` it waits for the whole run. */
  readonly after: readonly number[];
  readonly atEnd: boolean;
  /** The tasks that may not start before it has passed; empty unless it is a gate. */
  readonly gates: readonly number[];
};

/** The names of tasks or levels that the operator gave; the options combine by intersection. */
export type Selection = {
  readonly only?: readonly string[];
  /** With everything downstream of them. */
  readonly from?: readonly string[];
  /** With everything upstream of them. */
  readonly until?: readonly string[];
  /** Stay in the plan as skipped tasks. */
  readonly skip?: readonly string[];
};

/** What will run: an immutable graph without cycles or unknown names, so that no later code has to check for them. */
export type Plan = {
  /** With the instances of each task in its place. */
  readonly pipeline: PipelineSpec;
  /** The pipeline as written, and what its matrices were filled with; absent without a matrix. */
  readonly written?: { readonly pipeline: PipelineSpec; readonly values: MatrixValues };
  /** The matrices whose values are in files that tasks of the run have yet to write; absent without any. */
  readonly open?: OpenMatrices;
  /** What it was built with; the same pipeline and selection give the same plan. */
  readonly selection: Selection;
  readonly tasks: readonly PlannedTask[];
  readonly indexOf: ReadonlyMap<TaskId, number>;
  /** Indices in topological order; among tasks that are free, the author's order. */
  readonly order: readonly number[];
  /** Indices by rank: `byRank[0]` starts first. */
  readonly byRank: readonly number[];
  /** Indices of the tasks that run at the end. */
  readonly ends: readonly number[];
  readonly levels: ReadonlyMap<LevelId, readonly number[]>;
  /** By task with a matrix, its instances. */
  readonly families: ReadonlyMap<TaskId, readonly number[]>;
  readonly checks: readonly PlannedCheck[];
  /** Changes when anything changes that influences what runs; see `hashPlan`. 16 hexadecimal digits. */
  readonly hash: string;
};

export type OpenMatrices = {
  /** By task, the files as they are written whose lines are awaited from it. */
  readonly files: ReadonlyMap<TaskId, readonly string[]>;
  /**
   * The plan with the instances for these lines, which may be more than are awaited. Fails with the reason why they cannot be
   * used. The same lines give the same plan.
   */
  readonly fill: (lines: MatrixLines) => Result<Plan, string>;
};

/** A plan with what is known of its open matrices; without lines that it can use, as it is. */
export function withLines(plan: Plan, lines: MatrixLines | undefined): Plan {
  const filled = lines === undefined ? undefined : plan.open?.fill(lines);
  return filled?.ok ? filled.value : plan;
}

/** The plan under another hash, also once its matrices are filled. */
export function withHash(plan: Plan, hash: string): Plan {
  const { open } = plan;
  if (plan.hash === hash) return plan;
  if (open === undefined) return { ...plan, hash };
  const known = new Map<Plan, Plan>();
  const fill: OpenMatrices['fill'] = (lines) => {
    const filled = open.fill(lines);
    if (!filled.ok) return filled;
    const own = known.get(filled.value) ?? withHash(filled.value, hash);
    known.set(filled.value, own);
    return ok(own);
  };
  return { ...plan, hash, open: { files: open.files, fill } };
}

/** What a run has at its start: cores, and memory in all and in use. */
export type Machine = { readonly cores: number; readonly memoryBytes: number; readonly usedBytes?: number };

/** The settings of one run of a plan. */
export type RunOptions = {
  readonly run: RunId;
  /** Seeds every random choice of the run (retry jitter). */
  readonly seed: number;
  readonly maxParallel: number;
  /** One task at a time in dependency order, and nothing new after the first failure. */
  readonly sequential: boolean;
  readonly runChecks: boolean;
  /**
   * Whether tasks are reused of which nothing has changed since their last success: `true` all that declare what they read
   * or write, `false` none; absent = those whose author says so.
   */
  readonly reuse?: boolean;
  /** How many database connections all tasks together may hold; undefined = no limit. */
  readonly connectionBudget?: number;
  /** Task indices in the order in which ready tasks start, when earlier runs tell a better one than `Plan.byRank`. */
  readonly queueOrder?: readonly number[];
  /** Whether `maxParallel` is only the most that `auto` allows. */
  readonly auto?: true;
  /** Whether tasks run on hosts that come and go, so that none starts before there is one for it. */
  readonly elsewhere?: true;
  /** What carries out the attempts; absent = processes of this machine. */
  readonly executor?: 'queue' | 'slurm';
  /** What the machine has, when it could be measured before the start and tasks run on it. */
  readonly machine?: Machine;
  /** The time limits of tasks that follow from what they took in earlier runs. */
  readonly timeoutsMs?: Readonly<Record<string, number>>;
  /** What tasks needed in earlier runs, where their author does not say. */
  readonly needs?: Readonly<Record<string, TaskNeeds>>;
  /** By task, as earlier runs tell: the load that stands in when it fails. */
  readonly lastGood?: Readonly<Record<string, LastGood>>;
  /** By task, as earlier runs tell: why its data is stale if it does not run in this one. */
  readonly staleBefore?: Readonly<Record<string, Staleness>>;
  /** Which database the tasks are given, for people; absent without any. */
  readonly database?: string;
  /** The values of the parameters, masked, for the journal. */
  readonly params?: Readonly<Record<string, string>>;
};
