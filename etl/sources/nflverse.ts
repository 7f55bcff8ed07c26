import { join } from 'node:path';
import type { TaskContext } from '../task-context.ts';
import { TaskError } from '../task-error.ts';
import { type Download, download } from './download.ts';

export type NflverseFile = Extract<Download, { kind: 'file' }> & {
  /** For people: `pbp/play_by_play_2023.csv.gz`. */
  readonly name: string;
};

/** The schedule of all seasons in one file. */
export const SCHEDULE = 'schedules/games.csv';
export const rosterOf = (season: number) => `rosters/roster_${season}.csv.gz`;
export const playsOf = (season: number) => `pbp/play_by_play_${season}.csv.gz`;

/** A file of the nflverse releases (CC BY 4.0), by its path below their address; undefined when there is none. */
export async function fetchNflverse(context: TaskContext, name: string): Promise<NflverseFile | undefined> {
  const sources = await context.openSources();
  const url = `${sources.nflverse}/${name}`;
  const file = await download(url, {
    stableName: sources.stableName(url),
    cacheDirectory: context.env['ETL_DOWNLOAD_CACHE'] || join(context.projectDirectory, '.etl-tui/downloads'),
    signal: context.signal,
    log: context.log,
  });
  return file.kind === 'absent' ? undefined : { ...file, name };
}

/**
 * Fetches one file per season, at most two at a time. A season that is still to come or has just begun may have no
 * file yet, which is said and no failure; a past season's file can only be missing for the moment of its replacement,
 * so that a later attempt finds it.
 */
export async function fetchSeasons(
  context: TaskContext,
  nameOf: (season: number) => string,
): Promise<readonly { readonly season: number; readonly file: NflverseFile }[]> {
  const files: { season: number; file: NflverseFile }[] = [];
  const missing: number[] = [];
  for (const season of context.seasons) {
    const file = await fetchNflverse(context, nameOf(season));
    if (file !== undefined) files.push({ season, file });
    else if (season < seasonAt(new Date())) {
      throw new TaskError(`${nameOf(season)} is not there (404), though the season is over; it may be being replaced`);
    } else missing.push(season);
  }
  for (const season of missing) context.log(`${nameOf(season)} is not published yet: season ${season} has no data`);
  if (files.length === 0) {
    throw new TaskError(`none of the seasons ${missing.join(', ')} is published yet; choose earlier ones`, {
      exitCode: 2,
    });
  }
  return files;
}

/** The season that is being played, or was last: one starts on the Thursday after the first Monday of September. */
function seasonAt(now: Date): number {
  const year = now.getUTCFullYear();
  const firstOfSeptember = new Date(Date.UTC(year, 8, 1));
  const firstMonday = 1 + ((8 - firstOfSeptember.getUTCDay()) % 7);
  return now.getTime() >= Date.UTC(year, 8, firstMonday + 3) ? year : year - 1;
}
