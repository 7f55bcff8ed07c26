/**
 * What the sample sources tell of: an invented football league. The same world gives the same bytes everywhere.
 * Abbreviations and names of clubs and stadiums are facts; games, scores, players, odds and weather are made up.
 */
export type World = {
  /** `full` has 32 clubs and about 285 games a season; `small` 8 clubs and 25 games, for tests. */
  readonly scale: 'full' | 'small';
  readonly firstSeason: number;
  /** The last season that was played to its end; the next one has a few games to come. */
  readonly lastSeason: number;
  /** How often the sources have corrected their data since: 0 as first published, 1 once. */
  readonly corrections: 0 | 1;
};

/** To be raised whenever a file comes out with other bytes than before: files made by another version are not used. */
export const GENERATOR_VERSION = 2;

export const DEFAULT_WORLD: World = { scale: 'full', firstSeason: 1999, lastSeason: 2025, corrections: 0 };

/** A name for all that decides about the bytes of the files. */
export function worldName({ scale, firstSeason, lastSeason, corrections }: World): string {
  return `v${GENERATOR_VERSION}-${scale}-${firstSeason}-${lastSeason}-${corrections}`;
}

export function seasonsOf({ firstSeason, lastSeason }: World): readonly number[] {
  return Array.from({ length: lastSeason - firstSeason + 1 }, (_, index) => firstSeason + index);
}
