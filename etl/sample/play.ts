import type { Drive } from './drive.ts';
import type { Player } from './people.ts';
import type { Snap } from './snap.ts';

export type Side = 'home' | 'away';

export const otherSide = (side: Side): Side => (side === 'home' ? 'away' : 'home');

export type Squads = Readonly<Record<Side, readonly Player[]>>;

export type PlayType =
  | ''
  | 'kickoff'
  | 'pass'
  | 'run'
  | 'no_play'
  | 'punt'
  | 'field_goal'
  | 'extra_point'
  | 'qb_kneel'
  | 'qb_spike';

/** What one row of the play-by-play says. The clock and the chances are filled in when the whole game is known. */
export type Play = {
  readonly type: PlayType;
  /** The league's own word for it: PASS, RUSH, TIMEOUT, END_QUARTER. */
  readonly word: string;
  readonly offence: Side | undefined;
  readonly down: number;
  readonly toGo: number;
  /** Yards to the end zone; undefined where no ball lies. */
  readonly yardline: number | undefined;
  readonly yards: number;
  readonly snap: Snap | undefined;
  readonly people: People;
  readonly drive: DriveFacts;
  /** Points that the play brings, and to whom. */
  readonly points: number;
  readonly scorer: Side | undefined;
  readonly ep: number;
  /** Undefined where nothing was at stake. */
  readonly epa: number | undefined;
  /** Whether the pass or run is for two points after a touchdown. */
  readonly isTry: boolean;
  /** Relative to other plays; the clock does the rest. */
  readonly lasts: number;
  readonly kick: number;
  text: string;
  id: number;
  sequence: number;
  quarter: number;
  /** Seconds left in the game, and in the quarter. */
  left: number;
  clock: number;
  before: { readonly home: number; readonly away: number };
  after: { readonly home: number; readonly away: number };
  timeouts: { readonly home: number; readonly away: number };
  /** The home team's chance of winning before and after. */
  homeWp: number;
  homeWpAfter: number;
};

/** Who took part, as far as it is written down. */
export type People = {
  readonly passer?: Player | undefined;
  readonly receiver?: Player | undefined;
  readonly rusher?: Player | undefined;
  readonly kicker?: Player | undefined;
  readonly punter?: Player | undefined;
  readonly returner?: Player | undefined;
  readonly interceptor?: Player | undefined;
  readonly tackler?: Player | undefined;
  readonly helper?: Player | undefined;
  readonly fouling?: Player | undefined;
};

export type DriveFacts = {
  readonly number: number;
  readonly side: Side;
  readonly drive: Drive;
  readonly began: string;
  series: number;
};
