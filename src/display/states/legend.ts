import type { CheckVerdict } from './check-display.ts';
import type { Severity } from './severity.ts';
import type { Condition } from './task-display.ts';

/** What each sign of a task means, for the legend. */
export const conditionMeanings: Readonly<Record<Condition, string>> = {
  failed: 'failed',
  'timed-out': 'timed out',
  stopping: 'is being stopped',
  retrying: 'waits for its next attempt',
  running: 'runs',
  ready: 'is ready, and waits for resources',
  asking: 'is asked whether it is needed',
  awaiting: 'waits for something outside the run',
  waiting: 'waits for other tasks or for checks',
  'not-run': 'not run, because of something before it',
  cancelled: 'cancelled',
  tolerated: 'failed, and the run continues without it',
  degraded: 'uses a fallback or the last good load',
  stale: 'its data is not the newest',
  skipped: 'skipped by hand, or waited too long',
  'not-needed': 'not needed in this run',
  reused: 'done before, nothing has changed since',
  succeeded: 'succeeded',
};

/** The same for the verdicts of checks. */
export const verdictMeanings: Readonly<Record<CheckVerdict, string>> = {
  pass: 'passed',
  warn: 'warned',
  fail: 'failed: the data is wrong',
  error: 'check error: says nothing about the data',
};

/** The severities that have a colour of their own, the worst first. */
export const severityMeanings = {
  failure: 'a task failed, or a check had an error',
  wrongData: 'a check failed: the data is wrong',
  warning: 'done or running, but not as planned',
  running: 'runs now',
  success: 'done as planned',
  muted: 'not started, or nothing to do',
} as const satisfies Readonly<Record<Exclude<Severity, 'plain'>, string>>;
