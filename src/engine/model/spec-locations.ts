import type { Location } from './diagnostic.ts';
import type { LevelId, TaskId } from './ids.ts';

/** Where the file has the names that are checked against the graph; undefined for what the file does not write out. */
export type SpecLocations = {
  /** Where `task` is told to wait for `upstream`: by itself, by its level, or by its turn in a sequential level. */
  readonly dependency: (
    task: TaskId,
    upstream: TaskId,
  ) => { readonly at: Location; readonly by: 'task' | 'level' | 'turn' } | undefined;
  readonly member: (level: LevelId, task: TaskId) => Location | undefined;
  readonly pool: (task: TaskId, pool: string) => Location | undefined;
  readonly poolSize: (pool: string) => Location | undefined;
  readonly after: (check: string, task: TaskId) => Location | undefined;
  readonly slaLevel: (level: LevelId) => Location | undefined;
};

/** Which lists of names could be read in full; false: a mistake may hide some, so that no name is reported as unknown. */
export type SpecCompleteness = { readonly tasks: boolean; readonly levels: boolean; readonly pools: boolean };
