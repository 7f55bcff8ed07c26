import type { RunId, TaskId } from '../../model/ids.ts';

/** Something that has become slower, as a run's result and its performance record have it. */
export type Regression = {
  /** Absent when it is the run as a whole. */
  readonly task?: TaskId;
  /** How long it took in this run: the last attempt of a task; of a run, as long as at least one task ran. */
  readonly seconds: number;
  /** The median of the runs before it became slower. */
  readonly usual_seconds: number;
  /** 0.41: it took 41 % longer than usual. */
  readonly change: number;
  /** How many earlier runs say what is usual. */
  readonly compared_runs: number;
  /** The first run that was slower; this run itself, when only it was. */
  readonly since: RunId;
  /** How many runs have been slower, with this one. */
  readonly slower_runs: number;
  /** The rows that it reported, beside the usual number; absent where either is unknown. */
  readonly rows?: number;
  readonly usual_rows?: number;
};
