import type { TaskId } from '../../model/ids.ts';
import type { OverloadKind } from '../../model/run/capacity.ts';
import type { RunState } from '../../model/run/run-state.ts';
import type { WaitCause } from '../../model/run/wait-times.ts';
import type { PerformanceRecord, TaskPerformance } from '../files/performance-record.ts';
import type { UsualRun } from './usual-run.ts';

/** What made a run slow. */
export type Bottleneck = {
  /** What tasks waited for, a task that took longer, or what tasks competed for until the run stepped down. */
  readonly kind: LimitedWait | 'task' | 'overload';
  /** The task, or the pool. */
  readonly name: string | null;
  /** How long tasks waited for it together, or how long the task took. */
  readonly seconds: number;
  readonly usual_seconds: number | null;
};

/** Waits that more of something would make shorter. */
export type LimitedWait = Exclude<WaitCause, 'dependency' | 'check' | 'paused' | 'awaited' | 'asking'>;

/** What there was of something that tasks waited for, and how much of it nobody would have waited with. */
export type Supply = { readonly of: string; readonly size: number; readonly need: number; readonly unit: string };

const causes: readonly LimitedWait[] = [
  'slot',
  'cpu',
  'memory',
  'connections',
  'pool',
  'disk',
  'host',
  'backoff',
  'alone',
];

/**
 * Compares the waits of a run, as far as they lengthen it, and the durations of its tasks with the usual ones, and returns
 * what has grown most; undefined when nothing has.
 */
export function findBottleneck(
  state: RunState,
  record: PerformanceRecord,
  usual: UsualRun | undefined,
  steppedDown: OverloadKind | undefined,
): Bottleneck | undefined {
  if (steppedDown !== undefined) {
    const seconds = record.waiting_seconds?.slot ?? 0;
    return { kind: 'overload', name: steppedDown, seconds, usual_seconds: usual?.waitSeconds('slot') ?? null };
  }
  // Tasks that wait beside each other lengthen a run once.
  const together = Math.max(1, record.active_seconds > 0 ? record.task_seconds / record.active_seconds : 1);
  const waits = causes.map((kind) => {
    const seconds = record.waiting_seconds?.[kind] ?? 0;
    const before = usual?.waitSeconds(kind);
    const name = kind === 'pool' ? busiestPool(state, record) : null;
    return {
      grown: (seconds - (before ?? 0)) / together,
      found: { kind, name, seconds, usual_seconds: before ?? null },
    };
  });
  const tasks = record.results.flatMap(({ task, attempt_seconds: seconds }) => {
    const before = usual?.taskSeconds.get(task);
    if (before === undefined) return [];
    return [{ grown: seconds - before, found: { kind: 'task' as const, name: task, seconds, usual_seconds: before } }];
  });
  const [first] = [...waits, ...tasks].sort((a, b) => b.grown - a.grown);
  if (first === undefined || first.grown <= 0) return undefined;
  const { usual_seconds: before } = first.found;
  return { ...first.found, usual_seconds: before === null ? null : Math.round(before * 1000) / 1000 };
}

/** By Little's law: as many as were in use, and as many as were waited for on average. */
export function supplyOf(state: RunState, record: PerformanceRecord, { kind, name }: Bottleneck): Supply | undefined {
  const { plan, options } = state;
  const waited = (of: LimitedWait, needOf: (task: TaskPerformance) => number) =>
    record.active_seconds <= 0
      ? 0
      : record.results.reduce((sum, task) => sum + (task.waiting_seconds?.[of] ?? 0) * needOf(task), 0) /
        record.active_seconds;
  switch (kind) {
    case 'slot':
      return supply('tasks at once', record.max_parallel, waited('slot', one), 'tasks');
    case 'pool': {
      const size = name === null ? undefined : plan.pipeline.pools.get(name);
      const holds = (task: TaskPerformance) => Number(poolsOf(state, task.task).includes(name ?? ''));
      return supply(`pool ${name}`, size, waited('pool', holds), 'places');
    }
    case 'connections':
      return supply(
        'database connections',
        record.connection_budget,
        waited('connections', connectionsOf(state)),
        'connections',
      );
    case 'overload': {
      const missing = name === 'connections' ? missingAtPeak(state, record) : 0;
      // Tasks open more connections than they declare, or others do: no number follows from what is known.
      if (missing <= 0) return undefined;
      return supply('database connections', record.connection_budget, missing, 'connections');
    }
    case 'cpu':
      return supply(
        'cores',
        options.machine?.cores,
        waited('cpu', ({ mean_cpu_cores: cores = 1 }) => cores),
        'cores',
      );
    case 'memory': {
      const need = waited('memory', ({ peak_memory_bytes: bytes = 0 }) => bytes);
      return supply('memory', options.machine?.memoryBytes, need, 'bytes');
    }
    default:
      return undefined;
  }
}

function supply(of: string, size: number | undefined, missing: number, unit: string): Supply | undefined {
  return size === undefined ? undefined : { of, size, need: Math.ceil(size + missing), unit };
}

function one(): number {
  return 1;
}

function connectionsOf({ plan }: RunState): (task: TaskPerformance) => number {
  return ({ task, peak_connections: peak = 0 }) => {
    const index = plan.indexOf.get(task);
    return Math.max(1, peak, index === undefined ? 0 : plan.tasks[index]!.spec.connections);
  };
}

/** What the hungriest tasks would have needed beside each other, above what they were allowed. */
function missingAtPeak(state: RunState, record: PerformanceRecord): number {
  const needs = record.results.filter(({ attempts }) => attempts > 0).map(connectionsOf(state));
  const most = needs.toSorted((a, b) => b - a).slice(0, Math.max(record.peak_running, 1));
  return most.reduce((sum, need) => sum + need, 0) - (record.connection_budget ?? 0);
}

/** The pool for which tasks waited longest. A task that waits for one of several pools counts for each. */
function busiestPool(state: RunState, { results }: PerformanceRecord): string | null {
  const waited = new Map<string, number>();
  for (const { task, waiting_seconds: waits } of results) {
    for (const pool of poolsOf(state, task)) waited.set(pool, (waited.get(pool) ?? 0) + (waits?.pool ?? 0));
  }
  const [first] = [...waited].sort(([, a], [, b]) => b - a);
  return first?.[0] ?? null;
}

function poolsOf({ plan }: RunState, task: TaskId): readonly string[] {
  const index = plan.indexOf.get(task);
  return index === undefined ? [] : plan.tasks[index]!.spec.pools;
}
