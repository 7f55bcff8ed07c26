import { kickoffMs } from '../calendar.ts';
import { csvCell } from '../csv-text.ts';
import { clubsOf, type League } from '../league.ts';
import { coachOf, squadOf } from '../people.ts';
import { hashOf } from '../random.ts';
import { oldGameId } from '../schedule-file.ts';
import { type Game, makeSeason } from '../season.ts';
import { kickoffWeather } from '../weather.ts';
import { playsOf } from './game-plays.ts';
import type { Play } from './play.ts';
import { cellOf, type PlayCell, type PlayRow, sumsOf } from './play-cells.ts';
import { PLAY_COLUMNS } from './play-columns.ts';
import { flagCells, isFlagColumn } from './play-flags.ts';
import { lineupOf } from './play-people.ts';

/** The text of `play_by_play_YYYY.csv`, a game at a time, so that a season is never in memory as a whole. */
export function* playTexts(league: League, season: number): Generator<string> {
  yield `${PLAY_COLUMNS.join(',')}\n`;
  const lineups = new Map(clubsOf(league).map((club) => [club.code, lineupOf(squadOf(club, season))]));
  const lineupFor = (code: string) => lineups.get(code) ?? lineupOf([]);
  for (const [index, game] of makeSeason(league, season).games.entries()) {
    const plays = playsOf(game, { home: lineupFor(game.home.code), away: lineupFor(game.away.code) });
    const published = withQuirks(league, season, index, plays);
    if (published.length > 0) yield gameText(game, published);
  }
}

function gameText(game: Game, plays: readonly Play[]): string {
  const sums: Record<string, readonly [value: number, home: string, away: string]> = {};
  const code = { home: game.home.code, away: game.away.code };
  const row: PlayRow = { game, code, startMs: kickoffMs(game), sums };
  const pieces = piecesOf(gameCells(game, plays));
  let text = '';
  for (const play of plays) {
    for (const [name, value] of sumsOf(play)) {
      const sum = (sums[name]?.[0] ?? 0) + value;
      const home = textOf(sum);
      // Printing a number is what takes longest.
      sums[name] = [sum, home, sum < 0 ? home.slice(1) : sum > 0 ? `-${home}` : home];
    }
    for (const { before, cell } of pieces) text += before + textOf(cell?.(play, row));
  }
  return text;
}

/** Measured values have as many digits as in the live files. */
function textOf(value: ReturnType<PlayCell>): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toFixed(14);
  return value === undefined ? '' : value ? '1' : '0';
}

/** A cell of a row, and the text before it that is the same in all rows of a game. */
type Piece = { readonly before: string; readonly cell: PlayCell | undefined };

function piecesOf(constants: Readonly<Record<string, string | number | undefined>>): readonly Piece[] {
  const pieces: Piece[] = [];
  let before = '';
  for (const { columns, cell } of COLUMNS) {
    if (cell === undefined) before += `${csvCell(constants[columns[0] ?? ''])},`;
    else {
      pieces.push({ before, cell });
      before = ',';
    }
  }
  return [...pieces, { before: `${before.slice(0, -1)}\n`, cell: undefined }];
}

type Columns = { readonly columns: string[]; readonly cell: PlayCell | undefined };

/** The columns in the order of the file; flags that stand side by side are one cell. */
const COLUMNS = PLAY_COLUMNS.reduce<Columns[]>((all, column, index) => {
  const run = all.at(-1)?.columns;
  if (!isFlagColumn(column)) all.push({ columns: [column], cell: cellOf(column) });
  else if (run !== undefined && isFlagColumn(PLAY_COLUMNS[index - 1] ?? '')) run.push(column);
  else {
    const columns = [column];
    all.push({ columns, cell: flagCells(columns) });
  }
  return all;
}, []);

/** The columns that are the same in every row of a game. */
function gameCells(game: Game, plays: readonly Play[]): Readonly<Record<string, string | number | undefined>> {
  const { id, season, week, day, venue, score } = game;
  const weather = kickoffWeather(game);
  const [year = '', month, date] = day.split('-');
  const hex = (text: string, digits: number) => hashOf(text).toString(16).padStart(digits, '0');
  return {
    game_id: id,
    old_game_id: oldGameId(game),
    home_team: game.home.code,
    away_team: game.away.code,
    season_type: game.type === 'REG' ? 'REG' : 'POST',
    week,
    game_date: day,
    season,
    start_time: `${Number(month)}/${Number(date)}/${year.slice(2)}, ${game.time || '13:00'}:00`,
    stadium: venue.playedAt,
    weather:
      weather === undefined
        ? 'Controlled Climate'
        : `Fair Temp: ${weather.fahrenheit}° F, Humidity: 60%, Wind: ${weather.mph} mph`,
    nfl_api_id: `${hex(id, 8)}-0000-11ee-8000-${hex(`${id} api`, 12)}`,
    away_score: score?.away,
    home_score: score?.home,
    location: venue.neutral ? 'Neutral' : 'Home',
    result: score && score.home - score.away,
    total: score && score.home + score.away,
    spread_line: game.spread,
    total_line: game.totalLine,
    div_game: game.home.division === game.away.division ? 1 : 0,
    roof: venue.roof,
    surface: venue.surface,
    temp: weather?.fahrenheit,
    wind: weather?.mph,
    home_coach: coachOf(game.home, season),
    away_coach: coachOf(game.away, season),
    stadium_id: venue.stadiumId,
    game_stadium: venue.stadium,
    home_opening_kickoff: plays[1]?.offence === 'away' ? 1 : 0,
  };
}

/** What is wrong with the data, as with the real data. */
function withQuirks(league: League, season: number, index: number, plays: readonly Play[]): readonly Play[] {
  // In 2000, a game has no plays, and two plays of a game share their number.
  if (season === 2000 && index === 20) return [];
  if (season === 2000 && index === 21)
    return plays.map((play, nth) => (nth === 5 ? { ...play, id: plays[4]?.id ?? 0 } : play));
  if (league.corrections === 0 || index > 1) return plays;
  // Corrections: a play disappears, and another one no longer belongs to a team.
  if (index === 1) return plays.filter((_, nth) => nth !== 12);
  const run = plays.find(({ kind }) => kind === 'run');
  return plays.map((play) => (play === run ? { ...play, offence: undefined, epa: 0 } : play));
}
