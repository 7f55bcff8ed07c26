import { formatDuration } from '../../display/format/format-duration.ts';
import { displayText, type RequestPreview, type Saving, unreachable } from '../../engine/index.ts';

/** What would make a run shorter, as a sentence. */
export function savingSentence(saving: Saving): string {
  const earlier = `the run would end ${formatDuration(saving.savedMs)} earlier`;
  switch (saving.kind) {
    case 'task': {
      const { task, ms, share } = saving;
      return displayText(
        `${task} is ${Math.round(share * 100)} % of the critical path (${formatDuration(ms)}); without it ${earlier}`,
      );
    }
    case 'pool':
      return displayText(
        `${saving.task} waits ${formatDuration(saving.waitMs)} for the pool ${saving.pool}; without that limit ${earlier}`,
      );
    case 'slots': {
      const limit = saving.slots === 1 ? 'the only slot' : `one of ${saving.slots} slots`;
      return displayText(
        `${saving.task} waits ${formatDuration(saving.waitMs)} for ${limit}; with a slot for each task ${earlier}`,
      );
    }
    case 'connections':
      return displayText(
        `${saving.task} waits ${formatDuration(saving.waitMs)} for connections (limit: ${saving.budget}); without that limit ${earlier}`,
      );
    case 'memory':
      return displayText(
        `${saving.task} waits ${formatDuration(saving.waitMs)} for memory; with enough memory ${earlier}`,
      );
    case 'cores':
      return `tasks would use ${formatCores(saving.needed)} cores at once, but there are ${formatCores(saving.cores)}; with enough cores ${earlier}`;
    default:
      return unreachable(saving);
  }
}

/** On what the preview is based, and what that means for it. */
export function knowledgeSentence({ known, tasks, runs }: RequestPreview): string {
  if (known === 0) {
    return 'durations are unknown because no task has succeeded before; the plan assumes the same duration for all';
  }
  const from = runs === 1 ? 'one earlier run' : `the last ${runs} runs`;
  if (known === tasks) return `durations from ${from}`;
  const others = tasks - known;
  return `durations from ${from}; ${others} ${others === 1 ? 'task has' : 'tasks have'} never succeeded and ${others === 1 ? 'is' : 'are'} taken to be like the others`;
}

export function formatCores(cores: number): string {
  if (cores > 0 && cores < 0.1) return '<0.1';
  return String(Math.round(cores * 10) / 10);
}
