import type { TaskId } from '../../model/ids.ts';
import { endsOf } from '../../model/pipeline/ends-of.ts';
import type { PipelineSpec, TaskSpec } from '../../model/pipeline/pipeline.ts';
import { pathInRunDir } from '../../model/pipeline/run-dir-path.ts';

/** Where a data set is, and which tasks make it. */
export type Dataset = {
  readonly makers: readonly TaskId[];
  readonly table: string | null;
  /** Outputs, relative to the project directory; some are patterns. */
  readonly files: readonly string[];
};

/**
 * Finds the data set of a name: a deliverable of this name or with such a file, a task of this name, or the task that
 * writes such a file; else all that the pipeline makes, and its last tasks.
 */
export function findDataset(pipeline: PipelineSpec, name: string): Dataset {
  const { tasks, requests } = pipeline;
  const { deliverables = [] } = requests ?? {};
  const deliverable =
    deliverables.find((one) => one.name === name) ?? deliverables.find(({ file }) => isNamed(file, name));
  if (deliverable !== undefined) {
    const { tasks: makers, table = null, file } = deliverable;
    return { makers, table, files: file === undefined ? [] : [file] };
  }
  const instances = tasks.filter(({ instance }) => instance?.of === name);
  if (instances.length > 0) {
    const files = instances.flatMap(({ outputs }) => outputs);
    return { makers: instances.map(({ id }) => id), table: null, files };
  }
  const task =
    tasks.find(({ id }) => id === name) ?? tasks.find(({ outputs }) => outputs.some((path) => isNamed(path, name)));
  if (task !== undefined) return { makers: [task.id], table: null, files: lastingOutputs(task) };
  return { makers: lastTasks(pipeline), table: null, files: tasks.flatMap(lastingOutputs) };
}

/** The directory of a run is removed when it has succeeded. */
export function lastingOutputs({ outputs }: Pick<TaskSpec, 'outputs'>): readonly string[] {
  return outputs.filter((path) => pathInRunDir(path) === undefined);
}

/** The tasks for which no other waits, without what runs at the end; of a pipeline with levels, those that belong to it. */
function lastTasks(pipeline: PipelineSpec): readonly TaskId[] {
  const { tasks, levels } = pipeline;
  const ends = endsOf(pipeline);
  const needed = new Set(tasks.flatMap(({ dependencies }) => dependencies));
  const isLast = ({ id, level }: TaskSpec) =>
    !needed.has(id) && !ends.has(id) && (levels.length === 0 || level !== undefined);
  return tasks.filter(isLast).map(({ id }) => id);
}

/** Whether it is the path of a file with this name and any ending. */
function isNamed(path: string | undefined, name: string): boolean {
  const file = path?.split('/').at(-1) ?? '';
  return file === name || file.startsWith(`${name}.`);
}
