import { type RunReport, unreachable } from '../../engine/index.ts';
import { formatTally } from '../format/format-count.ts';
import { countWordOf, type Display } from './display.ts';
import { taskDisplay } from './task-display.ts';

type ResultRow = RunReport['result']['results'][number];

/** A task of a run that was left before the task had ended. */
const unfinished: Display = { icon: 'notRun', word: 'unfinished', severity: 'muted' };
/** A task of a run whose journal cannot be read to its end. */
const unknown: Display = { icon: 'unknown', word: 'unknown', severity: 'muted' };

/** How a task of a stored run is shown; while the run goes on, a task without an end waits or runs. */
export function resultDisplay(row: ResultRow, isRunning: boolean): Display {
  switch (row.status) {
    case 'success':
      if (row.degraded !== undefined) return taskDisplay('degraded');
      return taskDisplay(row.stale === undefined ? 'succeeded' : 'stale');
    case 'failed':
      return taskDisplay(row.tolerated ? 'tolerated' : 'failed');
    case 'timeout':
      return taskDisplay(row.tolerated ? 'tolerated' : 'timed-out');
    case 'skipped':
      return taskDisplay('skipped');
    case 'reused':
      return taskDisplay(row.stale === undefined ? 'reused' : 'stale');
    case 'not_needed':
      return taskDisplay('not-needed');
    case 'upstream_failed':
      return taskDisplay('not-run');
    case 'cancelled':
      return cancelledDisplay(row, isRunning);
    default:
      return unreachable(row.status);
  }
}

/** Result files have one status for all tasks that were stopped or never came to their end. */
function cancelledDisplay({ started_at, completed_at, error }: ResultRow, isRunning: boolean): Display {
  if (completed_at !== undefined) return taskDisplay(error?.startsWith('not run:') ? 'not-run' : 'cancelled');
  if (isRunning) return taskDisplay(started_at === undefined ? 'waiting' : 'running');
  return error?.startsWith('unknown:') ? unknown : unfinished;
}

/** How many tasks of a stored run have each word: `4 succeeded, 1 failed`. */
export function resultTally(rows: readonly ResultRow[], isRunning: boolean): string {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const word = countWordOf(resultDisplay(row, isRunning));
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return formatTally(wordOrder.map((word) => [counts.get(word) ?? 0, word] as const));
}

const wordOrder: readonly string[] = [
  ...(
    [
      'succeeded',
      'degraded',
      'stale',
      'tolerated',
      'failed',
      'timed-out',
      'not-run',
      'skipped',
      'not-needed',
      'reused',
      'cancelled',
    ] as const
  ).map((condition) => countWordOf(taskDisplay(condition))),
  unfinished.word,
  unknown.word,
  ...(['running', 'waiting'] as const).map((condition) => taskDisplay(condition).word),
];
