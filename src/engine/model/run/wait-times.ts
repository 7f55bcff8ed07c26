import type { TaskId } from '../ids.ts';

/** What a task waited for before it ran. */
export type WaitCause =
  | 'dependency'
  | 'check'
  | 'slot'
  | 'cpu'
  | 'memory'
  | 'connections'
  | 'pool'
  | 'disk'
  /** A host with its labels, when there was none. */
  | 'host'
  | 'backoff'
  | 'paused'
  /** Something outside the run (`wait_for`), and the answer whether it was needed (`only_if`). */
  | 'awaited'
  | 'asking'
  /** Another task ran alone, because it had failed beside others. */
  | 'alone';

/** Milliseconds by cause; causes of less than a millisecond are absent. */
export type WaitMs = { readonly [cause in WaitCause]?: number };

/** How long each task has waited, and why. Tasks that have not waited are absent. */
export type WaitTimes = ReadonlyMap<TaskId, WaitMs>;
