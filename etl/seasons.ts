import { TaskError } from './task-error.ts';

const FIRST_SEASON = 1999;
const LAST_SEASON = 2099;

/**
 * The seasons named by a parameter: `2023`, `2023-2024` (both ends included). Play-by-play begins in 1999.
 * Throws a usage error for anything else.
 */
export function parseSeasons(text: string): readonly number[] {
  const match = /^(\d{4})(?:-(\d{4}))?$/.exec(text.trim());
  if (match === null) {
    throw new TaskError(`seasons "${text}" is neither a year like 2023 nor a range like 2023-2024`, { exitCode: 2 });
  }
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  if (first > last) throw new TaskError(`seasons "${text}" runs backwards; write ${last}-${first}`, { exitCode: 2 });
  if (first < FIRST_SEASON || last > LAST_SEASON) {
    throw new TaskError(`seasons "${text}" reaches outside ${FIRST_SEASON}-${LAST_SEASON}`, { exitCode: 2 });
  }
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
