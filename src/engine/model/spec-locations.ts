import type { Location } from './diagnostic.ts';
import type { LevelId, TaskId } from './ids.ts';

/** Where the author wrote the names that only the graph can judge; undefined where no one wrote them. */
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

/** What a file with mistakes in it still says for sure; false = some names may be missing from the list. */
export type SpecCompleteness = { readonly tasks: boolean; readonly levels: boolean; readonly pools: boolean };
