import { type TaskEntry, unreachable, wasNotRun } from '../../engine/index.ts';
import type { Display } from './display.ts';

/** A task's state as it is shown: finer than its kind. */
export type Condition = keyof typeof taskDisplays;

/** The conditions that a header counts, in its order. */
export const countOrder = [
  'succeeded',
  'degraded',
  'stale',
  'tolerated',
  'running',
  'retrying',
  'failed',
  'not-run',
  'cancelled',
  'skipped',
  'not-needed',
  'reused',
  'waiting',
] as const;

type TaskDisplay = Display & {
  /** The condition with which it is counted in a header. */
  readonly countedAs: (typeof countOrder)[number];
  /** How its name stands out in a list. */
  readonly emphasis: 'bold' | 'plain' | 'dim';
  /** Which condition represents a group of tasks: the lowest number; undefined where the group decides by its counts. */
  readonly groupRank?: number;
  /** The work is done, or need not be. */
  readonly isDone?: true;
  /** Other names in filters. */
  readonly also: readonly string[];
};

/** How each condition is shown, the most urgent first. */
export const taskDisplays = {
  failed: {
    icon: 'failed',
    word: 'failed',
    severity: 'failure',
    also: [],
    countedAs: 'failed',
    emphasis: 'bold',
    groupRank: 0,
  },
  'timed-out': {
    icon: 'failed',
    word: 'timed out',
    severity: 'failure',
    also: ['timed-out', 'failed'],
    countedAs: 'failed',
    emphasis: 'bold',
    groupRank: 1,
  },
  stopping: {
    icon: 'running',
    word: 'stopping',
    severity: 'warning',
    also: ['running'],
    countedAs: 'running',
    emphasis: 'bold',
    groupRank: 3,
  },
  retrying: {
    icon: 'retrying',
    word: 'retrying',
    severity: 'warning',
    also: ['backing-off'],
    countedAs: 'retrying',
    emphasis: 'bold',
    groupRank: 4,
  },
  running: {
    icon: 'running',
    word: 'running',
    severity: 'running',
    also: [],
    countedAs: 'running',
    emphasis: 'bold',
    groupRank: 2,
  },
  ready: {
    icon: 'ready',
    word: 'ready',
    severity: 'plain',
    also: [],
    countedAs: 'waiting',
    emphasis: 'plain',
    groupRank: 7,
  },
  asking: {
    icon: 'asking',
    word: 'asking',
    severity: 'plain',
    also: [],
    countedAs: 'waiting',
    emphasis: 'plain',
    groupRank: 8,
  },
  awaiting: {
    icon: 'awaiting',
    word: 'awaiting',
    severity: 'plain',
    also: ['waiting'],
    countedAs: 'waiting',
    emphasis: 'plain',
    groupRank: 9,
  },
  waiting: {
    icon: 'waiting',
    word: 'waiting',
    severity: 'muted',
    also: [],
    countedAs: 'waiting',
    emphasis: 'dim',
  },
  'not-run': {
    icon: 'notRun',
    word: 'not run',
    severity: 'muted',
    also: ['upstream-failed', 'blocked'],
    countedAs: 'not-run',
    emphasis: 'plain',
    groupRank: 5,
  },
  cancelled: {
    icon: 'notRun',
    word: 'cancelled',
    severity: 'muted',
    also: [],
    countedAs: 'cancelled',
    emphasis: 'dim',
    groupRank: 6,
  },
  tolerated: {
    icon: 'warning',
    word: 'failed, tolerated',
    severity: 'warning',
    also: ['tolerated'],
    countWord: 'tolerated',
    countedAs: 'tolerated',
    emphasis: 'plain',
    isDone: true,
  },
  degraded: {
    icon: 'degraded',
    word: 'degraded',
    severity: 'warning',
    also: ['succeeded', 'done'],
    countedAs: 'degraded',
    emphasis: 'plain',
    isDone: true,
  },
  stale: {
    icon: 'stale',
    word: 'stale',
    severity: 'warning',
    also: ['succeeded', 'done'],
    countedAs: 'stale',
    emphasis: 'plain',
    isDone: true,
  },
  skipped: {
    icon: 'skipped',
    word: 'skipped',
    severity: 'muted',
    also: [],
    countedAs: 'skipped',
    emphasis: 'dim',
    isDone: true,
  },
  'not-needed': {
    icon: 'notNeeded',
    word: 'not needed',
    severity: 'muted',
    also: ['not-needed', 'done'],
    countedAs: 'not-needed',
    emphasis: 'dim',
    isDone: true,
  },
  reused: {
    icon: 'reused',
    word: 'reused',
    severity: 'success',
    also: ['done'],
    countedAs: 'reused',
    emphasis: 'dim',
    isDone: true,
  },
  succeeded: {
    icon: 'succeeded',
    word: 'succeeded',
    severity: 'success',
    also: ['done'],
    countedAs: 'succeeded',
    emphasis: 'plain',
    isDone: true,
  },
} as const satisfies Record<string, TaskDisplay>;

export function taskDisplay(condition: Condition): TaskDisplay {
  return taskDisplays[condition];
}

/**
 * The condition of a task by its state; one that a stopped run never started was not run, whatever stopped it. A degraded
 * one mostly has stale data as well; where that comes from stands in its note.
 */
export function conditionOf(entry: Pick<TaskEntry, 'state' | 'startedAt' | 'stale'>): Condition {
  const { state } = entry;
  switch (state.kind) {
    case 'running':
      return state.stopping === undefined ? 'running' : 'stopping';
    case 'succeeded':
      if (state.degraded !== undefined) return 'degraded';
      return entry.stale === undefined ? 'succeeded' : 'stale';
    case 'reused':
      return entry.stale === undefined ? 'reused' : 'stale';
    case 'backing-off':
      return 'retrying';
    case 'upstream-failed':
      return 'not-run';
    case 'cancelled':
      return wasNotRun(entry) ? 'not-run' : 'cancelled';
    case 'waiting':
    case 'awaiting':
    case 'asking':
    case 'ready':
    case 'skipped':
    case 'not-needed':
      return state.kind;
    case 'failed':
    case 'timed-out':
      return state.tolerated ? 'tolerated' : state.kind;
    default:
      return unreachable(state);
  }
}

/** All conditions, the most urgent first. */
export const conditions = Object.keys(taskDisplays) as readonly Condition[];

/** The rank of a condition; 0 = most urgent. */
export const urgency = Object.fromEntries(conditions.map((condition, index) => [condition, index])) as Readonly<
  Record<Condition, number>
>;

/** The conditions that can represent a group of tasks although others are in it, the strongest first. */
export const groupConditions = conditions
  .filter((condition) => taskDisplay(condition).groupRank !== undefined)
  .toSorted((a, b) => taskDisplay(a).groupRank! - taskDisplay(b).groupRank!);

/** Whether `word` is the beginning of a name of the condition. */
export function isCalled(condition: Condition, word: string): boolean {
  const { word: name, also } = taskDisplay(condition);
  return name.startsWith(word) || also.some((other) => other.startsWith(word));
}
