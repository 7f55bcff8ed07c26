import { type CsvRow, csvText } from './csv-text.ts';
import { type League, scheduleCode } from './league.ts';
import { coachOf, quarterbackOf, refereeOf } from './people.ts';
import { hashOf } from './random.ts';
import { type Game, makeSeason } from './season.ts';
import { kickoffWeather } from './weather.ts';

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** The text of `games.csv`: all seasons in one file, as in the live one, and the first games of the next season. */
export function scheduleText(league: League): string {
  const { firstSeason, lastSeason } = league;
  const seasons = Array.from({ length: lastSeason + 2 - firstSeason }, (_, index) => firstSeason + index);
  return csvText(seasons.flatMap((season) => makeSeason(league, season).games.map(rowOf)));
}

/** Fair American odds for a favourite by `spread` points, less the bookmaker's share. */
export function moneyline(spread: number): number {
  const probability = Math.min(0.95, 1 / (1 + Math.exp(-spread * 0.16)) + 0.022);
  return probability > 0.5
    ? -Math.round((100 * probability) / (1 - probability))
    : Math.round((100 * (1 - probability)) / probability);
}

/** The league's own number of a game, made of its date. */
export function oldGameId({ day, id }: Game): string {
  return day.replaceAll('-', '') + String(hashOf(id) % 16).padStart(2, '0');
}

/** All 46 columns, in the order of the live file. */
function rowOf(game: Game): CsvRow {
  const { id, season, day, home, away, score, venue } = game;
  const quarterbacks = { home: quarterbackOf(home, season), away: quarterbackOf(away, season) };
  const hash = hashOf(id);
  const weather = score && kickoffWeather(game);
  const juice = (hash % 21) - 120;
  return {
    game_id: id,
    season,
    game_type: game.type,
    week: game.week,
    gameday: day,
    weekday: WEEKDAYS[new Date(day).getUTCDay()],
    gametime: game.time,
    away_team: scheduleCode(away, season),
    away_score: score?.away,
    home_team: scheduleCode(home, season),
    home_score: score?.home,
    location: venue.neutral ? 'Neutral' : 'Home',
    result: score && score.home - score.away,
    total: score && score.home + score.away,
    overtime: score && (score.overtime === undefined ? 0 : 1),
    old_game_id: oldGameId(game),
    gsis: score && 50_000 + (hash % 9999),
    nfl_detail_id: undefined,
    pfr: `${day.replaceAll('-', '')}0${home.code.toLowerCase()}`,
    pff: score && 1000 + (hash % 20_000),
    espn: 400_000_000 + (hash % 2_000_000),
    ftn: season >= 2022 && score ? 5000 + (hash % 3000) : undefined,
    away_rest: game.rest.away,
    home_rest: game.rest.home,
    away_moneyline: moneyline(-game.spread),
    home_moneyline: moneyline(game.spread),
    spread_line: game.spread,
    away_spread_odds: juice,
    home_spread_odds: -220 - juice,
    total_line: game.totalLine,
    under_odds: juice,
    over_odds: -220 - juice,
    div_game: home.division === away.division ? 1 : 0,
    roof: score === undefined && hash % 3 === 0 ? '' : venue.roof,
    surface: venue.surface,
    temp: weather?.fahrenheit,
    wind: weather?.mph,
    away_qb_id: score && quarterbacks.away.id,
    home_qb_id: score && quarterbacks.home.id,
    away_qb_name: score && `${quarterbacks.away.first} ${quarterbacks.away.last}`,
    home_qb_name: score && `${quarterbacks.home.first} ${quarterbacks.home.last}`,
    away_coach: coachOf(away, season),
    home_coach: coachOf(home, season),
    referee: score && refereeOf(id),
    stadium_id: venue.stadiumId,
    stadium: venue.stadium,
  };
}
