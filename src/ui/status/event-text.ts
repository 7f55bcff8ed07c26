import { verdictDisplays } from '../../display/states/check-display.ts';
import { conditionOf, taskDisplay } from '../../display/states/task-display.ts';
import { describeCause, type RunEvent } from '../../engine/index.ts';

/** What happened, in a few words, for the events at which a replay stops. */
export function eventText(event: RunEvent): string {
  switch (event.type) {
    case 'task.started':
      return `${event.task} started${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}`;
    case 'task.backing-off':
      return `${event.task} failed: ${describeCause(event.cause)}; it is retried`;
    case 'task.finished': {
      const { outcome } = event;
      const why = outcome.kind === 'failed' ? `: ${describeCause(outcome.cause)}` : '';
      return `${event.task} ${taskDisplay(conditionOf({ state: outcome })).word}${why}`;
    }
    case 'check.finished':
      return `check ${event.result.check} ${verdictDisplays[event.result.verdict].word}`;
    case 'run.started':
      return 'the run started';
    case 'run.continued':
      return 'the run was resumed';
    case 'run.draining':
      return 'no new tasks start';
    case 'run.finished':
      return 'the run ended';
    default:
      return event.type;
  }
}
