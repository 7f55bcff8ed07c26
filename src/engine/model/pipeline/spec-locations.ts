import type { Location } from '../diagnostic.ts';
import type { LevelId, TaskId } from '../ids.ts';

/** Where the file contains the names that graph validation reports; undefined for a name that the file does not contain. */
export type SpecLocations = {
  /** What makes `task` wait for `upstream`: its own list, that of its level, or its turn in a sequential level. */
  readonly dependency: (
    task: TaskId,
    upstream: TaskId,
  ) => { readonly at: Location; readonly by: 'task' | 'level' | 'turn' } | undefined;
  readonly member: (level: LevelId, task: TaskId) => Location | undefined;
  readonly pool: (task: TaskId, pool: string) => Location | undefined;
  readonly poolSize: (pool: string) => Location | undefined;
  /** The name of its teardown, and its `run_when`. */
  readonly teardown: (task: TaskId) => Location | undefined;
  readonly runWhen: (task: TaskId) => Location | undefined;
  /** Among the tasks that it waits for or holds back. */
  readonly taskOfCheck: (check: string, task: TaskId) => Location | undefined;
  readonly slaLevel: (level: LevelId) => Location | undefined;
};

/** Which lists of names were read in full. False: a mistake may hide some names, so none is reported as unknown. */
export type SpecCompleteness = { readonly tasks: boolean; readonly levels: boolean; readonly pools: boolean };
