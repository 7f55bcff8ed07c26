import type { EpochMs, RunId } from '../../model/ids.ts';
import type { Retention } from '../../model/pipeline/pipeline.ts';

export type KeptRun = {
  readonly run: RunId;
  /** On the disk; needed for a limit of size only. */
  readonly bytes?: number;
};

/**
 * Which runs a retention gives up: those beyond the newest `keepRuns`, those that began longer ago than `olderThanMs`, and the
 * oldest until the rest takes at most `maxBytes`, where the newest run stays whatever it takes.
 * @param newestFirst all of them; those that may not be deleted count as well
 * @returns the oldest first
 */
export function chooseRuns(newestFirst: readonly KeptRun[], retention: Retention, now: EpochMs): readonly RunId[] {
  const { keepRuns = Number.POSITIVE_INFINITY, olderThanMs, maxBytes = Number.POSITIVE_INFINITY } = retention;
  const oldest = olderThanMs === undefined ? Number.NEGATIVE_INFINITY : now - olderThanMs;
  const given: RunId[] = [];
  let bytes = 0;
  for (const [at, { run, bytes: size = 0 }] of newestFirst.entries()) {
    const isKept = at < keepRuns && beganAt(run) >= oldest && (at === 0 || bytes + size <= maxBytes);
    if (isKept) bytes += size;
    else given.push(run);
  }
  return given.reverse();
}

/** The second in which a run began, as its name has it. */
export function beganAt(run: RunId): EpochMs {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)/.exec(run)!.map(Number);
  return Date.UTC(year!, month! - 1, day, hour, minute, second) as EpochMs;
}
