import { join } from 'node:path';
import { clientEnvironment } from '../database/connection/libpq-variables.ts';
import type { ScratchDatabase } from '../database/scratch/scratch-server.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { RunId, TaskId } from '../model/ids.ts';
import type { Plan } from '../model/pipeline/plan.ts';
import { ok, type Result } from '../model/result.ts';
import type { RunState } from '../model/run/run-state.ts';
import { hasFailed, isOutcome, unblocksDownstream } from '../model/run/task-state.ts';
import { entryAt } from '../model/run/task-table.ts';
import type { Executor } from '../ports.ts';
import { describeOutcome } from '../results/causes/describe-outcome.ts';
import { type OpenRun, openRun } from '../run/open-run.ts';
import { localAdapters, type RunAdapters } from '../run/parts/run-adapters.ts';
import type { RunRequest } from '../run/request/run-request.ts';
import type { TaskFailure } from './verify-report.ts';

export type RunHow = {
  readonly sequential: boolean;
  readonly maxParallel?: number | 'auto';
  /** Kills what runs so long after the first task has begun, and ends the run. */
  readonly killAfterMs?: number;
};

export type RunEnding = {
  /** How long each attempt took that ended in success, by task, in ms. */
  readonly durationsMs: ReadonlyMap<TaskId, number>;
  readonly durationMs: number;
  /** Tasks that failed; not those that did not run because of them. */
  readonly failures: readonly TaskFailure[];
  /** Whether all tasks have succeeded. */
  readonly isComplete: boolean;
  /** Tasks whose fallback did the work. */
  readonly degraded: readonly TaskId[];
};

export type DatabaseRunner = {
  run(database: ScratchDatabase, plan: Plan, how: RunHow): Promise<Result<RunEnding, Diagnostic>>;
  /** Ends the run that goes on, as a signal would end it. */
  cancel(): void;
  killNow(): void;
};

export type RunnerRequest = Omit<
  RunRequest,
  'plan' | 'logDir' | 'sequential' | 'maxParallel' | 'runChecks' | 'leaveOut' | 'onEnd' | 'onProgress'
> & {
  /** Absolute; each run has a directory of its own in it, so that none learns from the ones before. */
  readonly directory: string;
  /** What tasks are given as ETL_RUN_ID, in every run: as if each were a further attempt in the same run. */
  readonly runId: RunId;
  /** The run whose process died while it held the lock that the caller now holds. */
  readonly deadRun?: RunId;
};

/** One task at a time, a run may take longer than its pipeline allows. */
function withoutLimit(plan: Plan): Plan {
  const { runMs: _, ...limits } = plan.pipeline.limits;
  return { ...plan, pipeline: { ...plan.pipeline, limits } };
}

/** Runs plans through the same door as any run, each on the database that it is given; nobody is told of them. */
export function createDatabaseRunner(request: RunnerRequest): DatabaseRunner {
  const { directory, runId, deadRun, ...rest } = request;
  let count = 0;
  let current: OpenRun | undefined;
  return {
    cancel: () => void current?.intend({ type: 'cancel' }),
    killNow: () => current?.killNow(),
    run: async (database, plan, { sequential, maxParallel, killAfterMs }) => {
      count += 1;
      const opened = await openRun(
        {
          ...rest,
          plan: withoutLimit(plan),
          env: clientEnvironment(rest.env, database.environment),
          logDir: join(directory, String(count)),
          sequential,
          ...(maxParallel === undefined ? {} : { maxParallel }),
          // Gates put tasks in an order; other checks say nothing of the tasks.
          runChecks: plan.checks.some(({ gates }) => gates.length > 0),
          reuse: false,
          leaveOut: { preflight: true, analysis: true, notify: true },
        },
        adaptersFor(runId, count === 1 ? deadRun : undefined),
      );
      if (!opened.ok) return opened;
      current = opened.value;
      try {
        return ok(await follow(opened.value, killAfterMs));
      } finally {
        current = undefined;
        await opened.value.close();
      }
    },
  };
}

async function follow(run: OpenRun, killAfterMs: number | undefined): Promise<RunEnding> {
  const begun = new Map<TaskId, number>();
  const durationsMs = new Map<TaskId, number>();
  let timer: NodeJS.Timeout | undefined;
  const kill = () => {
    run.intend({ type: 'cancel' });
    run.killNow();
  };
  run.subscribe((event) => {
    if (event.type === 'task.spawned') {
      begun.set(event.task, event.at);
      if (killAfterMs !== undefined) timer ??= setTimeout(kill, killAfterMs);
    }
    if (event.type === 'task.finished' && event.outcome.kind === 'succeeded') {
      durationsMs.set(event.task, event.at - (begun.get(event.task) ?? event.at));
    }
  });
  const start = performance.now();
  run.start();
  const state = await run.finished;
  clearTimeout(timer);
  const outcomes = state.plan.tasks.map(({ spec, index }) => ({
    task: spec.id,
    index,
    state: entryAt(state.tasks, index).state,
  }));
  return {
    durationsMs,
    durationMs: performance.now() - start,
    isComplete: outcomes.every(({ state: one }) => unblocksDownstream(one) || one.kind === 'not-needed'),
    degraded: outcomes.flatMap(({ task, state: one }) =>
      one.kind === 'succeeded' && one.degraded !== undefined ? [task] : [],
    ),
    failures: failuresOf(state, run),
  };
}

/** Of a run in which no task failed and some did not run, as behind a gate, the first of them. */
function failuresOf(state: RunState, run: OpenRun): readonly TaskFailure[] {
  const outcomes = state.plan.tasks.flatMap(({ spec, index }) => {
    const { state: one } = entryAt(state.tasks, index);
    const isBad = isOutcome(one) && !unblocksDownstream(one) && one.kind !== 'not-needed';
    return isBad ? [{ task: spec.id, index, one }] : [];
  });
  const own = outcomes.filter(({ one }) => hasFailed(one));
  return (own.length > 0 ? own : outcomes.slice(0, 1)).map(({ task, index, one }) => ({
    task,
    reason: describeOutcome(one, state, index),
    output: 'attempt' in one ? run.tail(task, one.attempt).merged : '',
  }));
}

function adaptersFor(runId: RunId, deadRun: RunId | undefined): RunAdapters {
  return {
    ...localAdapters,
    // Held by the caller for all runs together.
    lockRun: () =>
      ok({
        ...(deadRun === undefined ? {} : { deadRun }),
        startHeartbeat: () => undefined,
        reacquire: () => undefined,
        release: () => undefined,
      }),
    // What is proved is what tasks do, and not what is left out; nor is it anybody's earlier success.
    openReuse: () => undefined,
    openExecutor: async (options) => {
      const opened = await localAdapters.openExecutor(options);
      return opened.ok ? ok(withRunId(opened.value, runId)) : opened;
    },
  };
}

function withRunId(executor: Executor, runId: RunId): Executor {
  return {
    ...executor,
    start: (request, on, observer) =>
      executor.start({ ...request, env: { ...request.env, ETL_RUN_ID: runId } }, on, observer),
  };
}
