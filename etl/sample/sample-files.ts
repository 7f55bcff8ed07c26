import { playTexts } from './plays-file.ts';
import { rosterText } from './roster-file.ts';
import { scheduleText } from './schedule-file.ts';
import { hasHours, stationText } from './weather-answers.ts';
import type { World } from './world.ts';

/** Makes the text of a file, piece by piece. */
export type FileContent = () => Iterable<Uint8Array | string>;

/** How a file of a release or of Meteostat comes about, by its live path; undefined when there is no such file. */
export function contentOf(world: World, path: string): FileContent | undefined {
  if (path === 'schedules/games.csv') return () => [scheduleText(world)];
  const [, kind, season] = /^(rosters\/roster|pbp\/play_by_play)_(\d{4})\.csv\.gz$/.exec(path) ?? [];
  const year = Number(season);
  if (kind !== undefined && year >= world.firstSeason && year <= world.lastSeason) {
    return kind.startsWith('pbp') ? () => playTexts(world, year) : () => [rosterText(world, year)];
  }
  const [, hoursOf, station = ''] = /^hourly\/(\d{4})\/(\w+)\.csv\.gz$/.exec(path) ?? [];
  const hasIt = Number(hoursOf) <= world.lastSeason + 1 && hasHours(station, Number(hoursOf));
  return hasIt ? () => [stationText(station, Number(hoursOf))] : undefined;
}
