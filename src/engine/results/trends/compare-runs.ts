import type { TaskId } from '../../model/ids.ts';
import type { RunSummary } from '../files/run-result.ts';
import type { TaskResult } from '../files/task-result.ts';
import type { RunParams } from './same-params.ts';
import { thousandths } from './statistics.ts';

/** A run that can be compared: a performance record, or the result of a run with its parameters. */
export type ComparableRun = RunSummary & {
  readonly params?: RunParams;
  readonly results: readonly (Omit<TaskResult, 'stdout' | 'stderr'> & { readonly attempt_seconds?: number })[];
};

/** How much longer something took in `run` than in `against`; negative = less long. */
export type Difference = {
  /** Absent unless it ran in both. */
  readonly difference_seconds?: number;
  /** As a share: 0.41 = 41 % longer. Absent also when it took no time in `against`. */
  readonly change?: number;
};

/** What distinguishes a run from another one. */
export type RunComparison = Difference & {
  readonly run: RunSummary;
  readonly against: RunSummary;
  /** Whether what runs has changed: tasks, their settings, the selection, checks, pools, parameters, variables. */
  readonly plan_changed: boolean;
  /** Parameters with different values; one that a run did not have is absent there. */
  readonly params: readonly { readonly name: string; readonly run?: string; readonly against?: string }[];
  /** In the order of `run`; those that only `against` has come last. */
  readonly tasks: readonly TaskComparison[];
};

export type TaskComparison = Difference & {
  readonly task: TaskId;
  /** Absent when the run does not have the task. */
  readonly run?: ComparedTask;
  readonly against?: ComparedTask;
};

export type ComparedTask = Pick<TaskResult, 'status' | 'attempts' | 'rows' | 'degraded'> & {
  /** Of the last attempt where that is known; absent when it did not run. */
  readonly seconds?: number;
};

/** Compares a run with another one, task by task. */
export function compareRuns(run: ComparableRun, against: ComparableRun): RunComparison {
  const before = new Map(against.results.map((result) => [result.task, comparedTask(result)]));
  const now = new Map(run.results.map((result) => [result.task, comparedTask(result)]));
  const tasks = [...now.keys(), ...[...before.keys()].filter((task) => !now.has(task))];
  return {
    run: summaryOf(run),
    against: summaryOf(against),
    ...differenceOf(run.total_duration_seconds, against.total_duration_seconds),
    plan_changed: run.plan_hash !== against.plan_hash,
    params: differentParams(run.params, against.params),
    tasks: tasks.map((task) => compareTask(task, now.get(task), before.get(task))),
  };
}

function compareTask(task: TaskId, run: ComparedTask | undefined, against: ComparedTask | undefined): TaskComparison {
  return {
    task,
    ...(run === undefined ? {} : { run }),
    ...(against === undefined ? {} : { against }),
    ...differenceOf(run?.seconds, against?.seconds),
  };
}

function differenceOf(seconds: number | undefined, before: number | undefined): Difference {
  if (seconds === undefined || before === undefined) return {};
  return {
    difference_seconds: thousandths(seconds - before),
    ...(before > 0 ? { change: thousandths(seconds / before - 1) } : {}),
  };
}

function comparedTask(result: ComparableRun['results'][number]): ComparedTask {
  const { status, attempts, rows, degraded, duration_seconds, attempt_seconds = duration_seconds } = result;
  return {
    status,
    attempts,
    ...(attempts === 0 ? {} : { seconds: attempt_seconds }),
    ...(rows === undefined ? {} : { rows }),
    ...(degraded === undefined ? {} : { degraded }),
  };
}

function differentParams(run: RunParams = {}, against: RunParams = {}): RunComparison['params'] {
  return [...new Set([...Object.keys(run), ...Object.keys(against)])]
    .filter((name) => run[name] !== against[name])
    .map((name) => ({
      name,
      ...(run[name] === undefined ? {} : { run: run[name] }),
      ...(against[name] === undefined ? {} : { against: against[name] }),
    }));
}

function summaryOf(run: ComparableRun): RunSummary {
  const { run_id, pipeline, plan_hash, status, verdict, failed_level, sequential, max_parallel } = run;
  const { started_at, completed_at, total_duration_seconds, regressions } = run;
  return {
    ...{ run_id, pipeline, plan_hash, status, verdict, sequential, max_parallel },
    ...{ started_at, completed_at, total_duration_seconds },
    ...(failed_level === undefined ? {} : { failed_level }),
    ...(regressions === undefined ? {} : { regressions }),
  };
}
