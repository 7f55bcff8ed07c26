import { easternMs, isoMoment } from './calendar.ts';
import { csvCell } from './csv-text.ts';
import { clockText, DIRECTIONS, fieldSpot } from './describe-play.ts';
import { otherSide } from './play.ts';
import { flagCells } from './play-flags.ts';
import { modelCells } from './play-models.ts';
import { peopleCells } from './play-people.ts';
import type { Cells } from './play-row.ts';

/** What stands in which column; columns that are not named here are empty in every row. */
export function playCells(): Cells {
  return { ...situationCells, ...driveCells, ...gameCells, ...flagCells, ...peopleCells, ...modelCells };
}

const situationCells: Cells = {
  play_id: ({ play }) => play.id,
  posteam: ({ play, code }) => (play.offence === undefined ? '' : code[play.offence]),
  posteam_type: ({ play }) => play.offence ?? '',
  defteam: ({ play, code }) => (play.offence === undefined ? '' : code[otherSide(play.offence)]),
  side_of_field: ({ play, code }) => {
    if (play.yardline === undefined || play.offence === undefined) return '';
    return code[play.yardline <= 50 ? otherSide(play.offence) : play.offence];
  },
  yardline_100: ({ play }) => play.yardline ?? '',
  quarter_seconds_remaining: ({ play }) => play.clock,
  half_seconds_remaining: ({ play }) => (play.left > 1800 ? play.left - 1800 : play.left),
  game_seconds_remaining: ({ play }) => play.left,
  game_half: ({ play }) => (play.quarter > 4 ? 'Overtime' : play.quarter > 2 ? 'Half2' : 'Half1'),
  quarter_end: ({ play }) => (play.word === 'END_QUARTER' ? 1 : 0),
  sp: ({ play }) => (play.points > 0 ? 1 : 0),
  qtr: ({ play }) => play.quarter,
  down: ({ play }) => (play.down === 0 ? '' : play.down),
  goal_to_go: ({ play }) => (play.down > 0 && play.toGo === play.yardline ? 1 : 0),
  time: ({ play }) => clockText(play.clock),
  yrdln: ({ play, game }) => (play.yardline === undefined ? '' : fieldSpot(play, game, 0)),
  ydstogo: ({ play }) => play.toGo,
  ydsnet: ({ play }) => play.drive.drive.start - (play.drive.drive.snaps.at(-1)?.yardline ?? 0),
  desc: ({ play }) => csvCell(play.text),
  play_type: ({ play }) => play.type,
  yards_gained: ({ play }) => (play.type === '' ? '' : play.yards),
  pass_length: ({ play, thrown }) => (thrown ? ((play.snap?.airYards ?? 0) >= 15 ? 'deep' : 'short') : ''),
  pass_location: ({ play, thrown }) => (thrown ? (DIRECTIONS[play.id % 3] ?? '') : ''),
  air_yards: ({ play, thrown }) => (thrown ? (play.snap?.airYards ?? 0) : ''),
  yards_after_catch: ({ play }) => (play.snap?.complete ? play.yards - play.snap.airYards : ''),
  run_location: ({ play }) => (play.type === 'run' ? (DIRECTIONS[play.id % 3] ?? '') : ''),
  run_gap: ({ play }) =>
    play.type === 'run' && play.id % 3 !== 2 ? (['guard', 'tackle', 'end'][(play.id % 7) % 3] ?? '') : '',
  field_goal_result: ({ play }) => (play.type === 'field_goal' ? (play.points > 0 ? 'made' : 'missed') : ''),
  kick_distance: ({ play }) => (play.kick === 0 ? '' : play.kick),
  extra_point_result: ({ play }) => (play.type === 'extra_point' ? (play.points > 0 ? 'good' : 'failed') : ''),
  two_point_conv_result: ({ play }) => (play.isTry ? (play.points > 0 ? 'success' : 'failure') : ''),
  home_timeouts_remaining: ({ play }) => play.timeouts.home,
  away_timeouts_remaining: ({ play }) => play.timeouts.away,
  posteam_timeouts_remaining: ({ play }) => (play.offence === undefined ? '' : play.timeouts[play.offence]),
  defteam_timeouts_remaining: ({ play }) => (play.offence === undefined ? '' : play.timeouts[otherSide(play.offence)]),
  timeout_team: ({ play, code }) => (play.word === 'TIMEOUT' ? code[play.scorer ?? 'home'] : ''),
  td_team: ({ play, code }) => (play.snap?.touchdown && play.offence !== undefined ? code[play.offence] : ''),
  total_home_score: ({ play }) => play.before.home,
  total_away_score: ({ play }) => play.before.away,
  posteam_score: ({ play }) => (play.offence === undefined ? '' : play.before[play.offence]),
  defteam_score: ({ play }) => (play.offence === undefined ? '' : play.before[otherSide(play.offence)]),
  score_differential: ({ play }) =>
    play.offence === undefined ? '' : play.before[play.offence] - play.before[otherSide(play.offence)],
  posteam_score_post: ({ play }) => (play.offence === undefined ? '' : play.after[play.offence]),
  defteam_score_post: ({ play }) => (play.offence === undefined ? '' : play.after[otherSide(play.offence)]),
  score_differential_post: ({ play }) =>
    play.offence === undefined ? '' : play.after[play.offence] - play.after[otherSide(play.offence)],
  return_team: ({ play, code }) => {
    if (play.offence === undefined) return '';
    return play.type === 'kickoff' ? code[play.offence] : play.type === 'punt' ? code[otherSide(play.offence)] : '';
  },
  return_yards: ({ play }) => (play.type === '' ? '' : play.type === 'kickoff' ? 100 - play.drive.drive.start : 0),
  penalty_team: ({ play, code }) => {
    const foul = play.snap?.foul;
    return foul === undefined || play.offence === undefined
      ? ''
      : code[foul.byOffence ? play.offence : otherSide(play.offence)];
  },
  penalty_yards: ({ play }) => play.snap?.foul?.yards ?? '',
  penalty_type: ({ play }) => play.snap?.foul?.name ?? '',
  series: ({ play }) => play.drive.number * 2 + play.drive.series,
  series_success: ({ play }) => (play.drive.series > 0 || play.drive.drive.end === 'Touchdown' ? 1 : 0),
  series_result: ({ play }) => (play.drive.series > 0 ? 'First down' : play.drive.drive.end),
  order_sequence: ({ play }) => play.sequence,
  time_of_day: ({ play, startMs }) => (play.type === '' ? '' : momentOf(play.left, startMs)),
  play_type_nfl: ({ play }) => play.word,
  end_clock_time: ({ play, startMs }) => (play.snap === undefined ? '' : momentOf(play.left - 6, startMs)),
};

const driveCells: Cells = {
  drive: ({ play }) => (play.word === 'GAME_START' ? '' : play.drive.number),
  fixed_drive: ({ play }) => play.drive.number,
  fixed_drive_result: ({ play }) => play.drive.drive.end,
  drive_real_start_time: ({ play, startMs }) => (play.word === 'GAME_START' ? '' : momentOf(play.left + 40, startMs)),
  drive_play_count: ({ play }) => play.drive.drive.snaps.length,
  drive_time_of_possession: ({ play }) => {
    const seconds = play.drive.drive.snaps.length * 29;
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  },
  drive_first_downs: ({ play }) => play.drive.series,
  drive_inside20: ({ play }) => ((play.drive.drive.snaps.at(-1)?.yardline ?? 99) <= 20 ? 1 : 0),
  drive_ended_with_score: ({ play }) => (/Touchdown|Field goal/.test(play.drive.drive.end) ? 1 : 0),
  drive_quarter_start: ({ play }) => play.quarter,
  drive_quarter_end: ({ play }) => play.quarter,
  drive_yards_penalized: () => 0,
  drive_start_transition: ({ play }) => play.drive.began,
  drive_end_transition: ({ play }) => play.drive.drive.end.toUpperCase().replaceAll(' ', '_'),
  drive_game_clock_start: ({ play }) => clockText(Math.min(900, play.clock + 40)),
  drive_game_clock_end: ({ play }) => clockText(Math.max(0, play.clock - 40)),
  drive_start_yard_line: ({ play, code }) => `${code[play.drive.side]} ${100 - play.drive.drive.start}`,
};

/** The same in every row of a game. */
const gameCells: Cells = Object.fromEntries(
  Object.entries({
    game_id: ({ game }) => game.id,
    old_game_id: ({ facts }) => facts.oldGameId,
    home_team: ({ code }) => code.home,
    away_team: ({ code }) => code.away,
    season_type: ({ game }) => (game.type === 'REG' ? 'REG' : 'POST'),
    week: ({ game }) => game.week,
    game_date: ({ game }) => game.day,
    season: ({ game }) => game.season,
    start_time: ({ game }) => {
      const [year = '', month, day] = game.day.split('-');
      return `"${Number(month)}/${Number(day)}/${year.slice(2)}, ${game.time || '13:00'}:00"`;
    },
    stadium: ({ game }) => game.venue.playedAt,
    weather: ({ facts }) =>
      facts.weather === undefined
        ? 'Controlled Climate'
        : `"Fair Temp: ${facts.weather.fahrenheit}° F, Humidity: 60%, Wind: ${facts.weather.mph} mph"`,
    nfl_api_id: ({ facts }) => facts.apiId,
    away_score: ({ game }) => game.score?.away ?? '',
    home_score: ({ game }) => game.score?.home ?? '',
    location: ({ game }) => (game.venue.neutral ? 'Neutral' : 'Home'),
    result: ({ game }) => (game.score === undefined ? '' : game.score.home - game.score.away),
    total: ({ game }) => (game.score === undefined ? '' : game.score.home + game.score.away),
    spread_line: ({ game }) => game.spread,
    total_line: ({ game }) => game.totalLine,
    div_game: ({ game }) => (game.home.division === game.away.division ? 1 : 0),
    roof: ({ game }) => game.venue.roof,
    surface: ({ game }) => game.venue.surface,
    temp: ({ facts }) => facts.weather?.fahrenheit ?? '',
    wind: ({ facts }) => facts.weather?.mph ?? '',
    home_coach: ({ facts }) => facts.coach.home,
    away_coach: ({ facts }) => facts.coach.away,
    stadium_id: ({ game }) => game.venue.stadiumId,
    game_stadium: ({ game }) => game.venue.stadium,
    home_opening_kickoff: ({ facts }) => facts.homeOpens,
  } satisfies Cells),
);

export const GAME_COLUMNS: ReadonlySet<string> = new Set(Object.keys(gameCells));

/** Games last three times as long as their clock runs. */
function momentOf(left: number, startMs: number): string {
  return isoMoment(startMs + (3600 - left) * 3000);
}

/** When a game began; an unannounced time counts as one o'clock. */
export function startOf(day: string, time: string): number {
  return easternMs(day, time === '' ? '13:00' : time);
}
