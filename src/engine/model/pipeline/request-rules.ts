import type { TaskId } from '../ids.ts';

/** What the words of another team's request mean for a pipeline. */
export type RequestRules = {
  /** Words of a scope, beside the names of tasks and levels. */
  readonly scopes: readonly RequestScope[];
  /** Keys of a request whose values become parameters of the pipeline. */
  readonly params: readonly RequestParam[];
  /** Columns that tell when the work of a task was last renewed. */
  readonly freshness: readonly RequestFreshness[];
  /** Checks that fail when something is missing. */
  readonly completeness: readonly string[];
  readonly deliverables: readonly Deliverable[];
};

export type RequestScope = {
  readonly word: string;
  /** Names of tasks or levels. */
  readonly tasks: readonly string[];
};

export type RequestParam = {
  readonly key: string;
  readonly param: string;
  /**
   * How several values become one: `2023,2024`, or `2023-2024`, with a gap only for a parameter of several whole numbers
   * (`2019,2021-2023`). `value`: there may be one only.
   */
  readonly as: 'value' | 'list' | 'range';
};

export type RequestFreshness = {
  readonly task: TaskId;
  readonly column: { readonly table: string; readonly column: string };
};

/** Something that a request may expect, and what shows that it is there and right. */
export type Deliverable = {
  readonly name: string;
  readonly description?: string;
  /** It has a table, a file (relative to the project directory), or both. */
  readonly table?: string;
  readonly file?: string;
  /** The tasks that make it. */
  readonly tasks: readonly TaskId[];
  /** The checks that must pass. */
  readonly checks: readonly string[];
};
