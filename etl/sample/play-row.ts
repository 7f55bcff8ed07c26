import type { Game } from './game.ts';
import type { Play, Side } from './play.ts';

/** All that the columns of one row are made from. */
export type PlayRow = {
  readonly game: Game;
  readonly play: Play;
  /** The clubs' codes in this file: today's, whatever the schedule calls them. */
  readonly code: Readonly<Record<Side, string>>;
  readonly facts: GameFacts;
  readonly startMs: number;
  /** A pass in the air, unlike a sack. */
  readonly thrown: boolean;
  readonly tallies: Tallies;
  /** EPA and the chances as text, since they stand in several columns. */
  readonly epa: string;
  readonly homeWp: string;
  readonly awayWp: string;
};

/** What stands in a row, by the name of the column. */
export type Cells = Readonly<Record<string, (row: PlayRow) => string | number>>;

export type GameFacts = {
  readonly oldGameId: string;
  readonly apiId: string;
  readonly coach: Readonly<Record<Side, string>>;
  readonly weather: { readonly fahrenheit: number; readonly mph: number } | undefined;
  readonly homeOpens: 0 | 1;
};

/** Running sums of a game from the home team's side; the away team's is the same with the other sign. */
export type Tally = { readonly value: number; readonly home: string; readonly away: string };

export const TALLIES = [
  'epa',
  'rush_epa',
  'pass_epa',
  'comp_air_epa',
  'comp_yac_epa',
  'raw_air_epa',
  'raw_yac_epa',
  'rush_wpa',
  'pass_wpa',
  'comp_air_wpa',
  'comp_yac_wpa',
  'raw_air_wpa',
  'raw_yac_wpa',
] as const;

export type Tallies = Record<(typeof TALLIES)[number], Tally>;

export function emptyTallies(): Tallies {
  return Object.fromEntries(TALLIES.map((name) => [name, ZERO])) as Tallies;
}

export function addTo(tallies: Tallies, name: keyof Tallies, value: number): void {
  if (value === 0) return;
  const sum = tallies[name].value + value;
  const text = numberText(sum);
  tallies[name] = { value: sum, home: text, away: text.startsWith('-') ? text.slice(1) : `-${text}` };
}

const ZERO: Tally = { value: 0, home: '0', away: '0' };

/** As many digits as statisticians' files have; a fixed number of them is what is printed fastest. */
export function numberText(value: number): string {
  return value === 0 ? '0' : value.toFixed(14);
}
