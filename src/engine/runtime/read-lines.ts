import type { TaskId } from '../model/ids.ts';
import { unreadFilesOf } from '../model/pipeline/line-sources.ts';
import { type LinesSource, linesKey, type MatrixLines } from '../model/pipeline/matrix.ts';
import { ok, type Result } from '../model/result.ts';
import type { RunState } from '../model/run/run-state.ts';
import { entryAt } from '../model/run/task-table.ts';
import type { LineFiles } from '../ports.ts';

/** What the files of a task that has succeeded give to matrices; the first reason why one of them cannot be read. */
export function readWrittenLines(
  lines: LineFiles,
  from: TaskId,
  files: readonly string[],
): Promise<Result<MatrixLines, string>> {
  return readAll(
    lines,
    files.map((file) => ({ kind: 'lines', file, from })),
    (file) => `did not write ${file}`,
  );
}

/** What the files hold that give the instances of a task their values, when the tasks that write them have not run. */
export function readExistingLines(
  lines: LineFiles,
  state: RunState,
  index: number,
): Promise<Result<MatrixLines, string>> {
  return readAll(
    lines,
    unreadFilesOf(state.plan, index),
    (file, from) => `there is no ${file}, and ${from}, which writes it, ${whyUnwritten(state, from)}`,
  );
}

async function readAll(
  { read }: LineFiles,
  sources: readonly LinesSource[],
  absent: (file: string, from: TaskId) => string,
): Promise<Result<MatrixLines, string>> {
  const found: [string, readonly string[]][] = [];
  for (const source of sources) {
    const lines = await read(source.file, absent(source.file, source.from));
    if (!lines.ok) return lines;
    found.push([linesKey(source), lines.value]);
  }
  return ok(Object.fromEntries(found));
}

function whyUnwritten({ plan, tasks }: RunState, from: TaskId): string {
  const index = plan.indexOf.get(from);
  if (index === undefined) return 'is not part of this run';
  switch (entryAt(tasks, index).state.kind) {
    case 'skipped':
      return 'was skipped';
    case 'not-needed':
      return 'was not needed';
    case 'reused':
      return 'was reused';
    default:
      return 'has failed';
  }
}
