/** A task's name, unique in its pipeline. Branded, so that the compiler rejects any other string. */
export type TaskId = string & { readonly _brand: 'TaskId' };

/** A level's name, as written under `pipelines:`. */
export type LevelId = string & { readonly _brand: 'LevelId' };

/** A run's name: `YYYYMMDD_HHMMSS_xxxx`, UTC and four random characters. */
export type RunId = string & { readonly _brand: 'RunId' };

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number & { readonly _brand: 'EpochMs' };

/** A machine that runs attempts. */
export type HostId = string & { readonly _brand: 'HostId' };

/** One attempt of one task of one run: no other attempt anywhere has the same. */
export type AttemptRef = { readonly run: RunId; readonly task: TaskId; readonly attempt: number };

/** `run/task/attempt`; none of the parts holds a slash. */
export function formatAttemptRef({ run, task, attempt }: AttemptRef): string {
  return `${run}/${task}/${attempt}`;
}
