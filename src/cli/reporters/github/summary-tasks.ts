import { formatCount } from '../../../display/format/format-count.ts';
import { formatDuration } from '../../../display/format/format-duration.ts';
import { unicodeIcons } from '../../../display/states/icons.ts';
import { conditionOf, taskDisplay, urgency } from '../../../display/states/task-display.ts';
import { taskEnding } from '../../../display/task-ending.ts';
import { entryAt, isOutcome, type RunState } from '../../../engine/index.ts';
import { markdownCode, markdownTable, markdownText, stateText } from './markdown.ts';

const maxRows = 100;

/** The tasks of a run as a table: failures first, then in the order of the pipeline, and not more than a page takes. */
export function taskRows(state: RunState): readonly string[] {
  const tasks = state.plan.tasks
    .map(({ index }) => ({ index, condition: conditionOf(entryAt(state.tasks, index)) }))
    .toSorted((one, other) => urgency[one.condition] - urgency[other.condition]);
  const rows = tasks.slice(0, maxRows).map(({ index }) => rowOf(state, index));
  const more = tasks.length - rows.length;
  return [
    ...markdownTable(['result', 'task', 'took', 'details'], rows),
    ...(more > 0 ? ['', `and ${formatCount(more, 'more task', 'more tasks')}`] : []),
  ];
}

function rowOf(state: RunState, index: number): readonly string[] {
  const entry = entryAt(state.tasks, index);
  const task = markdownCode(state.plan.tasks[index]!.spec.id);
  if (!isOutcome(entry.state)) return [stateText(unicodeIcons.notRun, 'unfinished'), task, '', ''];
  const { condition, details } = taskEnding(entry.state, entry, state, index);
  const { icon, word } = taskDisplay(condition);
  const { startedAt, endedAt } = entry;
  const took = startedAt === undefined || endedAt === undefined ? '' : formatDuration(endedAt - startedAt);
  return [stateText(unicodeIcons[icon], word), task, took, markdownText(details.join(', '))];
}
