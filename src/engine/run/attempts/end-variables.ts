import type { TaskId } from '../../model/ids.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { hasFailed } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { runStatus } from '../../scheduler/run-status.ts';

/** One variable of the environment may not be longer than 128 KB on Linux. */
const maxCharacters = 100_000;

/**
 * What a task at the end is told of its run as it stands when the task starts; empty where nothing has failed. A failure
 * that its author tolerates is none.
 * @param logPath of an attempt's output; undefined when it printed nothing
 */
export function endVariables(
  state: RunState,
  logPath: (task: TaskId, attempt: number) => string | undefined,
): Readonly<Record<string, string>> {
  const failed = state.plan.tasks
    .flatMap(({ index, spec: { id } }) => {
      const { state: task, endedAt = 0 } = entryAt(state.tasks, index);
      return hasFailed(task) ? [{ id, attempt: task.attempt, endedAt }] : [];
    })
    .sort((one, other) => one.endedAt - other.endedAt);
  const [first] = failed;
  return {
    ETL_RUN_STATUS: runStatus(state),
    ETL_FAILED_TASKS: joined(failed.map(({ id }) => id)),
    ETL_FAILED_LOG: first === undefined ? '' : (logPath(first.id, first.attempt) ?? ''),
  };
}

/** As many whole names as have room. The name of an instance of a matrix may hold commas, and none holds a space. */
function joined(names: readonly string[]): string {
  const text = names.join(' ');
  return text.length <= maxCharacters ? text : text.slice(0, text.lastIndexOf(' ', maxCharacters));
}
