import { weekdayOf } from './calendar.ts';
import { scheduleCode } from './clubs.ts';
import { csvLine } from './csv-text.ts';
import type { Game } from './game.ts';
import { kickoffWeather } from './kickoff-weather.ts';
import { coachOf, quarterbackOf, refereeOf } from './people.ts';
import { hashOf } from './random.ts';
import { makeSeason } from './season.ts';
import { seasonsOf, type World } from './world.ts';

const COLUMNS =
  'game_id season game_type week gameday weekday gametime away_team away_score home_team home_score location result total overtime old_game_id gsis nfl_detail_id pfr pff espn ftn away_rest home_rest away_moneyline home_moneyline spread_line away_spread_odds home_spread_odds total_line under_odds over_odds div_game roof surface temp wind away_qb_id home_qb_id away_qb_name home_qb_name away_coach home_coach referee stadium_id stadium'.split(
    ' ',
  );

/** The text of `games.csv`: all seasons in one file, as the live one, with the first games of the next season. */
export function scheduleText(world: World): string {
  const lines = [csvLine(COLUMNS)];
  for (const season of [...seasonsOf(world), world.lastSeason + 1]) {
    for (const game of makeSeason(world, season).games) lines.push(csvLine(cells(game)));
  }
  return lines.join('');
}

/** American odds that pay fairly at a win by `spread` points on average, with the bookmaker's share taken off. */
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

function cells(game: Game): (string | number | undefined)[] {
  const { season, home, away, score, venue, script } = game;
  const homeQb = quarterbackOf(home, season);
  const awayQb = quarterbackOf(away, season);
  const hash = hashOf(game.id);
  const open = venue.roof === 'outdoors' || venue.roof === 'open';
  const weather = score && open ? kickoffWeather(game) : undefined;
  const juice = (hash % 21) - 120;
  return [
    game.id,
    season,
    game.type,
    game.week,
    game.day,
    weekdayOf(game.day),
    game.time,
    scheduleCode(away, season),
    score?.away,
    scheduleCode(home, season),
    score?.home,
    venue.neutral ? 'Neutral' : 'Home',
    score && score.home - score.away,
    score && score.home + score.away,
    script && (script.overtime === undefined ? 0 : 1),
    oldGameId(game),
    score && 50_000 + (hash % 9999),
    undefined,
    `${game.day.replaceAll('-', '')}0${home.code.toLowerCase()}`,
    score && 1000 + (hash % 20_000),
    400_000_000 + (hash % 2_000_000),
    season >= 2022 && score ? 5000 + (hash % 3000) : undefined,
    game.restAway,
    game.restHome,
    moneyline(-game.spread),
    moneyline(game.spread),
    game.spread,
    juice,
    -220 - juice,
    game.totalLine,
    juice,
    -220 - juice,
    home.division === away.division ? 1 : 0,
    score ? venue.roof : game.week === 1 && hash % 3 === 0 ? '' : venue.roof,
    venue.surface,
    weather?.fahrenheit,
    weather?.mph,
    score && awayQb.id,
    score && homeQb.id,
    score && `${awayQb.first} ${awayQb.last}`,
    score && `${homeQb.first} ${homeQb.last}`,
    coachOf(away, season),
    coachOf(home, season),
    score && refereeOf(game.id),
    venue.stadiumId,
    venue.stadium,
  ];
}
