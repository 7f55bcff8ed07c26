import type { Player } from '../people.ts';
import type { Side } from '../season.ts';

/** The kinds of rows: `play_type`, the league's own word, how long it lasts relative to others, and its columns that are 1. */
export const PLAY_KINDS = {
  gameStart: ['', 'GAME_START', 0, ''],
  quarterEnd: ['', 'END_QUARTER', 0, 'quarter_end'],
  gameEnd: ['', 'END_GAME', 0, ''],
  timeout: ['no_play', 'TIMEOUT', 0, 'timeout'],
  kickoff: ['kickoff', 'KICK_OFF', 4, 'special special_teams_play kickoff_attempt'],
  completion: ['pass', 'PASS', 34, 'pass play qb_dropback pass_attempt shotgun complete_pass'],
  incompletion: ['pass', 'PASS', 7, 'pass play qb_dropback pass_attempt shotgun incomplete_pass'],
  interception: ['pass', 'INTERCEPTION', 7, 'pass play qb_dropback pass_attempt shotgun interception'],
  sack: ['pass', 'SACK', 36, 'pass play qb_dropback pass_attempt shotgun sack qb_hit'],
  scramble: ['run', 'RUSH', 35, 'pass play qb_dropback qb_scramble rush_attempt shotgun'],
  run: ['run', 'RUSH', 37, 'rush play rush_attempt'],
  kneel: ['qb_kneel', 'RUSH', 40, 'qb_kneel rush_attempt'],
  spike: ['qb_spike', 'PASS', 2, 'qb_spike pass_attempt'],
  foulBeforeSnap: ['no_play', 'PENALTY', 2, 'penalty'],
  foulOnPass: ['no_play', 'PENALTY', 2, 'penalty pass play'],
  foulOnRun: ['no_play', 'PENALTY', 2, 'penalty rush play'],
  punt: ['punt', 'PUNT', 9, 'special special_teams_play punt_attempt punt_fair_catch'],
  fieldGoal: ['field_goal', 'FIELD_GOAL', 5, 'special special_teams_play field_goal_attempt'],
  extraPoint: ['extra_point', 'XP_KICK', 0, 'special special_teams_play extra_point_attempt'],
  twoPointTry: ['pass', 'PAT2', 0, 'pass play qb_dropback pass_attempt shotgun two_point_attempt'],
} as const;

export type PlayKind = keyof typeof PLAY_KINDS;
export type People = Readonly<Record<string, Player | undefined>>;
export type Foul = { readonly name: string; readonly yards: number; readonly byOffence: boolean };

/** A possession. Spots are yards to the end zone that the offence attacks. */
export type Drive = {
  readonly side: Side;
  readonly number: number;
  readonly start: number;
  /** What it brings, the try included: 0, 3, 6, 7 or 8. */
  readonly points: number;
  /** How the drive before it ended, `PUNT`; `KICKOFF` after points and at the start of a half. */
  readonly began: string;
  /** `Touchdown`, `Punt`; `End of half` when the clock ran out. */
  result: string;
  /** Where the other side begins; undefined when it gets a kickoff. */
  next: number | undefined;
  /** The plays from scrimmage. */
  readonly plays: Play[];
};

/** One row of the play-by-play. */
export type Play = {
  readonly kind: PlayKind;
  readonly drive: Drive;
  /** Who has the ball; undefined in a row that belongs to no team. */
  offence: Side | undefined;
  /** 0 when the play is not from scrimmage. */
  readonly down: number;
  readonly toGo: number;
  /** Yards to the end zone; undefined where there is no ball. */
  readonly yardline: number | undefined;
  readonly yards: number;
  /** Of a pass that was thrown. */
  readonly airYards: number | undefined;
  /** Yards of a kick. */
  readonly kick: number | undefined;
  readonly foul: Foul | undefined;
  /** By the role that the columns are named for: `passer`, `solo_tackle_1`. */
  readonly people: People;
  readonly points: number;
  /** The columns that are 1. */
  readonly flags: ReadonlySet<string>;
  /** Points expected before the play, and added by it; `epa` is undefined where nothing was at stake. */
  readonly ep: number;
  epa: number | undefined;
  // What follows is known once the plays of the game are in order.
  id: number;
  order: number;
  quarter: number;
  /** Seconds left in the quarter and in the game; overtime counts by itself. */
  clock: number;
  left: number;
  timeouts: Readonly<Record<Side, number>>;
  timeoutBy: Side | undefined;
  before: Readonly<Record<Side, number>>;
  after: Readonly<Record<Side, number>>;
  /** The home team's chance of winning before and after the play. */
  homeWp: number;
  homeWpAfter: number;
};

/** Whether the row marks a start or an end and is no play. */
export const isMarker = ({ kind }: Play): boolean => PLAY_KINDS[kind][0] === '';

export const otherSide = (side: Side): Side => (side === 'home' ? 'away' : 'home');

const NONE = { home: 0, away: 0 };

export function newPlay(
  kind: PlayKind,
  drive: Drive,
  given: Partial<Omit<Play, 'flags'>> & { readonly flags?: string } = {},
): Play {
  const { down = 0, toGo = 0, yardline, yards = 0, points = 0, people = {}, ep = 0, epa, airYards, kick, foul } = given;
  return {
    kind,
    drive,
    offence: 'offence' in given ? given.offence : drive.side,
    down,
    toGo,
    yardline,
    yards,
    airYards,
    kick,
    foul,
    people,
    points,
    flags: flagsOf(kind, [
      given.flags ?? '',
      points > 0 ? 'sp' : '',
      down > 0 && toGo === yardline ? 'goal_to_go' : '',
      people['solo_tackle_1'] === undefined ? '' : 'solo_tackle',
      people['assist_tackle_2'] === undefined ? '' : 'assist_tackle',
      people['tackle_for_loss_1'] === undefined ? '' : 'tackled_for_loss',
    ]),
    ep,
    epa,
    id: 0,
    order: 0,
    quarter: 1,
    clock: 900,
    left: 3600,
    timeouts: NONE,
    timeoutBy: given.timeoutBy,
    before: NONE,
    after: NONE,
    homeWp: 0.5,
    homeWpAfter: 0.5,
  };
}

const flagSets = new Map<string, ReadonlySet<string>>();

/** One and the same set for the same flags, since there are few of them and many plays. */
function flagsOf(kind: PlayKind, further: readonly string[]): ReadonlySet<string> {
  const key = `${kind} ${further.join(' ')}`;
  const known = flagSets.get(key) ?? new Set(`${PLAY_KINDS[kind][3]} ${key}`.split(' '));
  flagSets.set(key, known);
  return known;
}
