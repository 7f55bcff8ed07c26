import type { RunEvent } from '../model/run/run-event.ts';

/** Whether a replay stops at the event on its way from one to the next: something began or ended. */
export function isNotable({ type }: RunEvent): boolean {
  return notable.has(type);
}

const notable: ReadonlySet<RunEvent['type']> = new Set([
  'run.started',
  'run.continued',
  'run.draining',
  'run.finished',
  'task.started',
  'task.backing-off',
  'task.finished',
  'check.finished',
]);

/** Whether an attempt or a check failed with it. */
export function isFailure(event: RunEvent): boolean {
  switch (event.type) {
    case 'task.backing-off':
      return true;
    case 'task.finished':
      return event.outcome.kind === 'failed' || event.outcome.kind === 'timed-out';
    case 'check.finished':
      return event.result.verdict === 'fail' || event.result.verdict === 'error';
    default:
      return false;
  }
}
