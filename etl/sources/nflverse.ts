import { join } from 'node:path';
import type { TaskContext } from '../task-context.ts';
import { type DownloadedFile, download } from './download.ts';

export type NflverseFile = DownloadedFile & {
  /** The name in messages: `pbp/play_by_play_2023.csv.gz`. */
  readonly name: string;
};

const rosterOf = (season: number) => `rosters/roster_${season}.csv.gz`;
const playsOf = (season: number) => `pbp/play_by_play_${season}.csv.gz`;

/** The files with one per season. */
export const SEASON_FILES = { rosters: rosterOf, plays: playsOf } as const;

/** The schedule of all seasons in one file. A 404 is temporary: the file is being replaced. */
export async function fetchSchedule(context: TaskContext): Promise<NflverseFile> {
  const file = await fetchNflverse(context, 'schedules/games.csv', 'always');
  if (file === undefined) throw new Error('a file that is always expected was taken for absent');
  return file;
}

/**
 * A season's file; undefined when it is not published yet, as for a season that is still to come or has just begun. A
 * past season's file, or one that was there before, can only be missing for the moment of its replacement: it is asked
 * for again, and then ends as a failure that a later attempt may mend.
 */
export function fetchSeason(
  context: TaskContext,
  of: keyof typeof SEASON_FILES,
  season: number,
): Promise<NflverseFile | undefined> {
  return fetchNflverse(context, SEASON_FILES[of](season), season < seasonAt(new Date()) ? 'always' : 'before');
}

/** A file of the nflverse releases (CC BY 4.0), by its path below their address. */
async function fetchNflverse(
  context: TaskContext,
  name: string,
  expected: 'always' | 'before',
): Promise<NflverseFile | undefined> {
  const sources = await context.openSources();
  const url = `${sources.nflverse}/${name}`;
  const file = await download(url, {
    expected,
    stableName: sources.stableName(url),
    cacheDirectory: context.env['ETL_DOWNLOAD_CACHE'] || join(context.projectDirectory, '.etl-tui/downloads'),
    signal: context.signal,
    log: context.log,
  });
  return file.kind === 'absent' ? undefined : { ...file, name };
}

/** The season that is being played, or was last: one starts on the Thursday after the first Monday of September. */
function seasonAt(now: Date): number {
  const year = now.getUTCFullYear();
  const firstOfSeptember = new Date(Date.UTC(year, 8, 1));
  const firstMonday = 1 + ((8 - firstOfSeptember.getUTCDay()) % 7);
  return now.getTime() >= Date.UTC(year, 8, firstMonday + 3) ? year : year - 1;
}
