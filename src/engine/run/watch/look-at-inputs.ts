import { dirname, join, relative, resolve } from 'node:path';
import type { TaskId } from '../../model/ids.ts';
import { pathInRunDir } from '../../model/pipeline/run-dir-path.ts';
import { marksOf } from '../../storage/fs/file-marks.ts';
import { isPattern } from '../../storage/fs/find-matches.ts';
import { openInputFiles } from '../../storage/reuse/input-files.ts';
import type { FileLook } from '../../storage/watch/change-watch.ts';
import type { RunRequest } from '../request/run-request.ts';

/** What was found of the inputs of tasks, by their paths relative to the project. */
export type InputLook = FileLook & {
  /** By path, the tasks that read the file. */
  readonly readers: ReadonlyMap<string, ReadonlySet<TaskId>>;
};

/**
 * Looks at the inputs of all tasks of a plan, except what its own tasks declare to write, and what lies in the directory of a
 * run. Rejects when the file system does not answer.
 */
export async function lookAtInputs({ plan, projectDir }: Pick<RunRequest, 'plan' | 'projectDir'>): Promise<InputLook> {
  const files = openInputFiles({ projectDir, runDir: join(projectDir, '.etl-tui', 'no-run') });
  const specs = plan.tasks.filter(({ skip }) => !skip).map(({ spec }) => spec);
  const outputs = distinct(plan.pipeline.tasks.flatMap((task) => task.outputs));
  const written = new Set((await files.find(outputs)).files.keys());
  const readersOf = new Map<string, TaskId[]>();
  for (const { id, inputs = [] } of specs) {
    for (const path of inputs) {
      if (pathInRunDir(path) !== undefined) continue;
      const known = readersOf.get(path);
      if (known === undefined) readersOf.set(path, [id]);
      else known.push(id);
    }
  }
  const marks = new Map<string, string>();
  const readers = new Map<string, Set<TaskId>>();
  const directories = new Set<string>();
  for (const [path, tasks] of readersOf) {
    directories.add(directoryOf(projectDir, path));
    if (!isPattern(path)) addReaders(readers, relative(projectDir, resolve(projectDir, path)), tasks);
    const found = await files.find([path]);
    for (const [name, file] of found.files) {
      if (written.has(name)) continue;
      marks.set(name, marksOf(file.stats));
      directories.add(dirname(file.path));
      addReaders(readers, name, tasks);
    }
  }
  return { marks, directories, readers };
}

function addReaders(readers: Map<string, Set<TaskId>>, name: string, tasks: readonly TaskId[]): void {
  const known = readers.get(name) ?? new Set();
  for (const task of tasks) known.add(task);
  readers.set(name, known);
}

/** Where a file appears that a path stands for: of a pattern, the directory before its first star. */
function directoryOf(projectDir: string, path: string): string {
  const segments = path.split('/');
  const first = segments.findIndex(isPattern);
  return first < 0 ? dirname(resolve(projectDir, path)) : resolve(projectDir, ...segments.slice(0, first));
}

function distinct(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)].filter((path) => pathInRunDir(path) === undefined);
}
