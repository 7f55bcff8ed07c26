import type { EpochMs, RunId } from '../../model/ids.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * A name for a run that begins at `now`: `YYYYMMDD_HHMMSS_xxxx` in UTC, so that names sort by time, but for runs of one second.
 * @param random gives numbers from [0, 1); four of them tell apart the runs of one second
 */
export function newRunId(now: EpochMs, random: () => number): RunId {
  const [date = '', time = ''] = new Date(now).toISOString().replace(/[-:]/g, '').split(/[T.]/);
  const tail = Array.from({ length: 4 }, () => letters[Math.floor(random() * letters.length)]).join('');
  return `${date}_${time}_${tail}` as RunId;
}
