import type { Club } from './clubs.ts';
import type { ScoreScript } from './score-script.ts';
import type { Venue } from './venues.ts';

export type GameType = 'REG' | 'WC' | 'DIV' | 'CON' | 'SB';

export type Game = {
  readonly id: string;
  readonly season: number;
  readonly type: GameType;
  readonly week: number;
  /** Eastern date and time; no time when it is still to be announced. */
  readonly day: string;
  readonly time: string;
  readonly home: Club;
  readonly away: Club;
  readonly venue: Venue;
  /** How many points the home team is better. */
  readonly spread: number;
  readonly totalLine: number;
  readonly restHome: number;
  readonly restAway: number;
  /** Undefined for a game that is still to come. */
  readonly script: ScoreScript | undefined;
  readonly score: { readonly home: number; readonly away: number } | undefined;
};

export type Season = {
  readonly games: readonly Game[];
  /** On the odds boards, but never played and gone from the schedule. */
  readonly cancelled: Game | undefined;
};
