import { isoMoment } from '../calendar.ts';
import { csvCell } from '../csv-text.ts';
import type { Player } from '../people.ts';
import type { Game, Side } from '../season.ts';
import { type Drive, isMarker, otherSide, PLAY_KINDS, type Play } from './play.ts';
import { clockText, DIRECTIONS, describePlay, spot } from './play-text.ts';

/** What the cells of a row are made from, besides the play. */
export type PlayRow = {
  readonly game: Game;
  /** The present codes of the clubs, whatever the schedule calls them. */
  readonly code: Readonly<Record<Side, string>>;
  readonly startMs: number;
  /** Running sums of the game from the home team's point of view, with the text for each team. */
  readonly sums: Readonly<Record<string, readonly [value: number, home: string, away: string]>>;
};

/** The value of a cell: true and false are 1 and 0, undefined is an empty cell. */
export type PlayCell = (play: Play, row: PlayRow) => string | number | boolean | undefined;

/** The cell of a column that is no flag; undefined for a column that does not depend on the play. */
export function cellOf(column: string): PlayCell | undefined {
  if (Object.hasOwn(CELLS, column)) return CELLS[column];
  const [, side, sum = ''] = /^total_(home|away)_(.+)$/.exec(column) ?? [];
  if (side !== undefined) return (_, { sums }) => sums[sum]?.[side === 'home' ? 1 : 2] ?? 0;
  const [, role = '', what] = /^(.+?)_(player_id|player_name|team)$/.exec(column) ?? [];
  if (!ROLES.has(role)) return undefined;
  if (what === 'player_id') return ({ people }) => people[role]?.id;
  if (what === 'player_name') return ({ people }) => people[role]?.short;
  return (play, { code }) => play.people[role] && play.offence && code[otherSide(play.offence)];
}

const ROLES = new Set(
  'passer receiver rusher interception punt_returner kickoff_returner punter kicker tackle_for_loss_1 qb_hit_1 sack pass_defense_1 penalty solo_tackle_1 assist_tackle_1 assist_tackle_2'.split(
    ' ',
  ),
);

const isThrown = ({ airYards }: Play): boolean => airYards !== undefined;
const isSnap = ({ down }: Play): boolean => down > 0;
const defence = ({ offence }: Play): Side | undefined => offence && otherSide(offence);
const firstDowns = ({ plays }: Drive): number => plays.filter(({ flags }) => flags.has('first_down')).length;
const moment = (left: number, startMs: number): string => isoMoment(startMs + (3600 - left) * 3000);

/** A value of some plays only. */
function when<Value>(test: (play: Play) => boolean, value: (play: Play) => Value) {
  return (play: Play): Value | undefined => (test(play) ? value(play) : undefined);
}

function team(side: (play: Play) => Side | undefined): PlayCell {
  return (play, { code }) => {
    const of = side(play);
    return of && code[of];
  };
}

/** The probability of an event, linear in the points expected. */
const probability =
  (base: number, slope: number): PlayCell =>
  ({ down, ep }) =>
    down === 0 ? 0 : Math.max(0.001, base + slope * ep);

/** What the chance of winning changes by, seen from the offence. */
const wpa = ({ homeWp, homeWpAfter, offence }: Play): number => (homeWpAfter - homeWp) * (offence === 'away' ? -1 : 1);
/** The part of a pass that is due to its flight, not to the run after the catch. */
const airShare = ({ id }: Play): number => 0.35 + (id % 31) / 100;
const completion = ({ airYards = 0, id }: Play): number => 0.85 - 0.012 * Math.max(0, airYards) - (id % 13) / 100;
const expectedPass = ({ down, toGo, id }: Play): number =>
  Math.min(0.98, Math.max(0.05, 0.4 + (down - 1) * 0.12 + (toGo - 8) * 0.025 + (id % 17) / 100));

/** `air_epa`, `comp_air_epa` and the same of the yards after the catch. */
function passParts(what: 'epa' | 'wpa', value: (play: Play) => number): Readonly<Record<string, PlayCell>> {
  const parts = { air: (play: Play) => airShare(play), yac: (play: Play) => 1 - airShare(play) };
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, share]) => [
      [`${name}_${what}`, when(isThrown, (play) => value(play) * share(play))],
      [
        `comp_${name}_${what}`,
        (play: Play) => (isMarker(play) ? undefined : play.kind === 'completion' ? value(play) * share(play) : 0),
      ],
    ]),
  );
}

/** What a play adds to the running sums of its game, by the end of the column's name. */
export function sumsOf(play: Play): readonly (readonly [name: string, value: number])[] {
  if (play.epa === undefined || play.offence === undefined) return [];
  const sign = play.offence === 'home' ? 1 : -1;
  const share = airShare(play);
  const sums: [string, number][] = [['epa', play.epa * sign]];
  for (const [what, value] of [['epa', play.epa * sign] as const, ['wpa', wpa(play) * sign] as const]) {
    const type = PLAY_KINDS[play.kind][0];
    if (type === 'run') sums.push([`rush_${what}`, value]);
    if (type !== 'pass') continue;
    sums.push([`pass_${what}`, value]);
    for (const kind of play.kind === 'completion' ? ['raw', 'comp'] : ['raw']) {
      sums.push([`${kind}_air_${what}`, value * share], [`${kind}_yac_${what}`, value * (1 - share)]);
    }
  }
  return sums;
}

const carrier = ({ people }: Play) => people['receiver'] ?? people['rusher'];

/** Columns of a player: `[column of the name, of the id, of the number]`. */
function player(
  columns: readonly string[],
  who: (play: Play) => Player | undefined,
): Readonly<Record<string, PlayCell>> {
  const values: readonly PlayCell[] = [
    (play) => who(play)?.short,
    (play) => who(play)?.id,
    (play) => who(play)?.jersey,
  ];
  return Object.fromEntries(columns.map((column, index) => [column, values[index] as PlayCell]));
}

const CELLS: Readonly<Record<string, PlayCell>> = {
  play_id: ({ id }) => id,
  order_sequence: ({ order }) => order,
  play_type: ({ kind }) => PLAY_KINDS[kind][0],
  play_type_nfl: ({ kind }) => PLAY_KINDS[kind][1],
  desc: (play, { game }) => csvCell(describePlay(play, game)),
  posteam: team(({ offence }) => offence),
  posteam_type: ({ offence }) => offence,
  defteam: team(defence),
  side_of_field: team((play) => ((play.yardline ?? 99) <= 50 ? defence(play) : play.offence)),
  yardline_100: ({ yardline }) => yardline,
  yrdln: (play, { game }) => play.yardline && spot(play, game, 0),
  qtr: ({ quarter }) => quarter,
  time: ({ clock }) => clockText(clock),
  quarter_seconds_remaining: ({ clock }) => clock,
  half_seconds_remaining: ({ left }) => (left > 1800 ? left - 1800 : left),
  game_seconds_remaining: ({ left }) => left,
  game_half: ({ quarter }) => (quarter > 4 ? 'Overtime' : quarter > 2 ? 'Half2' : 'Half1'),
  time_of_day: (play, { startMs }) => (isMarker(play) ? undefined : moment(play.left, startMs)),
  end_clock_time: (play, { startMs }) => (isSnap(play) ? moment(play.left - 6, startMs) : undefined),
  down: when(isSnap, ({ down }) => down),
  ydstogo: ({ toGo }) => toGo,
  yards_gained: (play) => (isMarker(play) ? undefined : play.yards),
  no_huddle: (play) => isSnap(play) && play.id % 9 === 0,
  pass_length: when(isThrown, ({ airYards = 0 }) => (airYards >= 15 ? 'deep' : 'short')),
  pass_location: when(isThrown, ({ id }) => DIRECTIONS[id % 3]),
  air_yards: ({ airYards }) => airYards,
  yards_after_catch: ({ kind, yards, airYards = 0 }) => (kind === 'completion' ? yards - airYards : undefined),
  passing_yards: ({ kind, yards }) => (kind === 'completion' ? yards : undefined),
  receiving_yards: ({ kind, yards }) => (kind === 'completion' ? yards : undefined),
  rushing_yards: ({ kind, yards }) => (kind === 'run' || kind === 'scramble' ? yards : undefined),
  run_location: ({ kind, id }) => (kind === 'run' ? DIRECTIONS[id % 3] : undefined),
  run_gap: ({ kind, id }) => (kind === 'run' && id % 3 < 2 ? ['guard', 'tackle', 'end'][(id % 7) % 3] : undefined),
  kick_distance: ({ kick }) => kick,
  field_goal_result: ({ kind, points }) => (kind === 'fieldGoal' ? (points > 0 ? 'made' : 'missed') : undefined),
  extra_point_result: ({ kind, points }) => (kind === 'extraPoint' ? (points > 0 ? 'good' : 'failed') : undefined),
  two_point_conv_result: ({ kind, points }) =>
    kind === 'twoPointTry' ? (points > 0 ? 'success' : 'failure') : undefined,
  home_timeouts_remaining: ({ timeouts }) => timeouts.home,
  away_timeouts_remaining: ({ timeouts }) => timeouts.away,
  posteam_timeouts_remaining: ({ timeouts, offence }) => offence && timeouts[offence],
  defteam_timeouts_remaining: ({ timeouts, offence }) => offence && timeouts[otherSide(offence)],
  timeout_team: team(({ timeoutBy }) => timeoutBy),
  td_team: team(({ flags, offence }) => (flags.has('touchdown') ? offence : undefined)),
  return_team: team((play) =>
    play.kind === 'punt' ? defence(play) : play.kind === 'kickoff' ? play.offence : undefined,
  ),
  return_yards: (play) => (isMarker(play) ? undefined : play.kind === 'kickoff' ? 100 - play.drive.start : 0),
  penalty_team: team((play) => play.foul && (play.foul.byOffence ? play.offence : defence(play))),
  penalty_yards: ({ foul }) => foul?.yards,
  penalty_type: ({ foul }) => foul?.name,

  total_home_score: ({ before }) => before.home,
  total_away_score: ({ before }) => before.away,
  posteam_score: ({ before, offence }) => offence && before[offence],
  defteam_score: ({ before, offence }) => offence && before[otherSide(offence)],
  score_differential: ({ before, offence }) => offence && before[offence] - before[otherSide(offence)],
  posteam_score_post: ({ after, offence }) => offence && after[offence],
  defteam_score_post: ({ after, offence }) => offence && after[otherSide(offence)],
  score_differential_post: ({ after, offence }) => offence && after[offence] - after[otherSide(offence)],

  ep: ({ ep }) => ep,
  epa: ({ epa }) => epa,
  qb_epa: ({ epa }) => epa,
  success: ({ epa }) => epa && epa > 0,
  ...passParts('epa', ({ epa = 0 }) => epa),
  no_score_prob: ({ left, down }) => (down === 0 ? 0 : 0.02 + 0.3 * (1 - left / 3600) ** 4),
  opp_fg_prob: probability(0.12, -0.017),
  opp_safety_prob: probability(0.003, -0.0004),
  opp_td_prob: probability(0.23, -0.034),
  fg_prob: probability(0.2, 0.015),
  safety_prob: probability(0.003, 0.0003),
  td_prob: probability(0.24, 0.07),
  extra_point_prob: ({ kind }) => (kind === 'extraPoint' ? 0.94 : 0),
  two_point_conversion_prob: ({ kind }) => (kind === 'twoPointTry' ? 0.4735 : 0),
  wp: ({ offence, kind, homeWp }) => (kind === 'gameEnd' ? undefined : offence === 'away' ? 1 - homeWp : homeWp),
  def_wp: ({ offence, kind, homeWp }) => (kind === 'gameEnd' ? undefined : offence === 'away' ? homeWp : 1 - homeWp),
  home_wp: ({ homeWp }) => homeWp,
  away_wp: ({ homeWp }) => 1 - homeWp,
  home_wp_post: when(isSnap, ({ homeWpAfter }) => homeWpAfter),
  away_wp_post: when(isSnap, ({ homeWpAfter }) => 1 - homeWpAfter),
  wpa: (play) => play.epa && wpa(play),
  ...passParts('wpa', wpa),
  vegas_wp: ({ offence, homeWp }) => (offence === 'away' ? 1 - homeWp : homeWp),
  vegas_home_wp: ({ homeWp }) => homeWp,
  vegas_wpa: (play) => play.epa && wpa(play) * 0.93,
  vegas_home_wpa: ({ epa, homeWp, homeWpAfter }) => epa && (homeWpAfter - homeWp) * 0.93,
  cp: when(isThrown, completion),
  cpoe: when(isThrown, (play) => ((play.kind === 'completion' ? 1 : 0) - completion(play)) * 100),
  xyac_epa: when(isThrown, (play) => 0.9 - completion(play) / 2),
  xyac_mean_yardage: when(isThrown, ({ id }) => 3 + (id % 29) / 7),
  xyac_median_yardage: when(isThrown, ({ id }) => 1 + (id % 6)),
  xyac_success: when(isThrown, completion),
  xyac_fd: when(isThrown, (play) => completion(play) * 0.7),
  xpass: when(isSnap, expectedPass),
  pass_oe: when(isSnap, (play) => ((play.flags.has('qb_dropback') ? 1 : 0) - expectedPass(play)) * 100),

  ...player(['passer', 'passer_id', 'passer_jersey_number'], ({ kind, people }) =>
    kind === 'scramble' ? people['rusher'] : people['passer'],
  ),
  ...player(['rusher', 'rusher_id', 'rusher_jersey_number'], ({ kind, people }) =>
    kind === 'run' ? people['rusher'] : undefined,
  ),
  ...player(['receiver', 'receiver_id', 'receiver_jersey_number'], ({ people }) => people['receiver']),
  ...player(['name', 'id', 'jersey_number'], ({ flags, people }) =>
    flags.has('play') ? (people['passer'] ?? people['rusher']) : undefined,
  ),
  ...player(['fantasy_player_name', 'fantasy_player_id'], carrier),
  ...player(['fantasy', 'fantasy_id'], carrier),
  ...player(['td_player_name', 'td_player_id'], (play) => (play.flags.has('touchdown') ? carrier(play) : undefined)),

  drive: ({ kind, drive }) => (kind === 'gameStart' ? undefined : drive.number),
  fixed_drive: ({ drive }) => drive.number,
  fixed_drive_result: ({ drive }) => drive.result,
  series: ({ drive }) => drive.number,
  series_success: ({ drive }) => firstDowns(drive) > 0,
  series_result: ({ drive }) => (firstDowns(drive) > 0 ? 'First down' : drive.result),
  ydsnet: ({ drive }) => drive.start - (drive.plays.at(-1)?.yardline ?? 0),
  drive_real_start_time: ({ drive, left }, { startMs }) => moment(drive.plays[0]?.left ?? left, startMs),
  drive_play_count: ({ drive }) => drive.plays.length,
  drive_time_of_possession: ({ drive }) => clockText(drive.plays.length * 29),
  drive_first_downs: ({ drive }) => firstDowns(drive),
  drive_inside20: ({ drive }) => (drive.plays.at(-1)?.yardline ?? 99) <= 20,
  drive_ended_with_score: ({ drive }) => drive.points > 0,
  drive_quarter_start: ({ drive, quarter }) => drive.plays[0]?.quarter ?? quarter,
  drive_quarter_end: ({ drive, quarter }) => drive.plays.at(-1)?.quarter ?? quarter,
  drive_yards_penalized: () => 0,
  drive_start_transition: ({ drive }) => drive.began,
  drive_end_transition: ({ drive }) => drive.result.toUpperCase().replaceAll(' ', '_'),
  drive_game_clock_start: ({ drive, clock }) => clockText(drive.plays[0]?.clock ?? clock),
  drive_game_clock_end: ({ drive, clock }) => clockText(drive.plays.at(-1)?.clock ?? clock),
  drive_start_yard_line: ({ drive }, { code }) => `${code[drive.side]} ${100 - drive.start}`,
};
