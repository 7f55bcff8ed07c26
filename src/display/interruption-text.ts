import type { RunListing } from '../engine/index.ts';
import { formatMoment } from './format/format-moment.ts';
import { nameList } from './format/name-list.ts';

type Interruption = Omit<NonNullable<RunListing['interruption']>, 'file'>;

const maxNamed = 3;

/** `last alive 2026-01-05 08:00:12 +01:00; games, odds were running, 5 of 12 tasks were done`. */
export function interruptionText({ lastAliveAt, running, done }: Interruption, tasks: number): string {
  const were = running.length === 1 ? 'was' : 'were';
  const who = running.length === 0 ? 'no task was running' : `${nameList(running, maxNamed)} ${were} running`;
  return `last alive ${formatMoment(lastAliveAt)}; ${who}, ${done} of ${tasks} tasks ${done === 1 ? 'was' : 'were'} done`;
}
