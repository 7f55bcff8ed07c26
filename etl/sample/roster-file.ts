import { clubsOf, scheduleCode } from './clubs.ts';
import { csvLine } from './csv-text.ts';
import { type Player, squadOf } from './people.ts';
import { hashOf } from './random.ts';
import type { World } from './world.ts';

const COLUMNS =
  'season team position depth_chart_position jersey_number status full_name first_name last_name birth_date height weight college gsis_id espn_id sportradar_id yahoo_id rotowire_id pff_id pfr_id fantasy_data_id sleeper_id years_exp headshot_url ngs_position week game_type status_description_abbr football_name esb_id gsis_it_id smart_id entry_year rookie_year draft_club draft_number'.split(
    ' ',
  );

/** The text of `roster_YYYY.csv`: everybody who was on a roster in the season. */
export function rosterText(world: World, season: number): string {
  const lines = [csvLine(COLUMNS)];
  const lastWeek = season >= 2021 ? 18 : 17;
  for (const club of clubsOf(world)) {
    const team = scheduleCode(club, season);
    for (const player of squadOf(club, season)) lines.push(csvLine(cells(player, season, team, lastWeek)));
  }
  return lines.join('');
}

function cells(player: Player, season: number, team: string, lastWeek: number): (string | number | undefined)[] {
  const { seed, first, last } = player;
  const number = (what: string, digits: number) =>
    10 ** (digits - 1) + (hashOf(`${what} ${seed}`) % (9 * 10 ** (digits - 1)));
  const hex = (what: string) => hashOf(`${what} ${seed}`).toString(16).padStart(8, '0');
  const uuid = `${hex('a')}-${hex('b').slice(0, 4)}-4${hex('c').slice(0, 3)}-8${hex('d').slice(0, 3)}-${hex('e')}${hex('f').slice(0, 4)}`;
  const drafted = seed % 5 < 3;
  // A man of a practice squad now and then has no number of the league yet.
  const unknown = player.status === 'DEV' && seed % 997 === season % 997;
  return [
    season,
    team,
    player.position,
    player.depth,
    player.jersey,
    player.status,
    `${first} ${last}`,
    first,
    last,
    player.birthDate,
    player.height,
    player.weight,
    player.college,
    unknown ? undefined : player.id,
    number('espn', 7),
    uuid,
    number('yahoo', 5),
    number('rotowire', 5),
    number('pff', 6),
    `${last.replace(/\W/g, '').slice(0, 4)}${first.replace(/\W/g, '').slice(0, 2)}0${seed % 10}`,
    number('fantasy', 5),
    number('sleeper', 4),
    season - player.firstYear,
    `https://images.example/private/f_auto,q_auto/league/${hex('picture')}${hex('file')}`,
    player.position === 'OL' ? undefined : player.depth,
    player.status === 'CUT' ? 1 + (seed % lastWeek) : lastWeek,
    'REG',
    player.status === 'ACT' ? 'A01' : player.status === 'RES' ? 'R01' : 'P01',
    first,
    `${last.replace(/\W/g, '').slice(0, 3).toUpperCase()}${number('esb', 6)}`,
    number('it', 5),
    uuid.replace(/^.{4}/, '3200'),
    player.firstYear,
    player.firstYear,
    drafted ? team : undefined,
    drafted ? 1 + (seed % 250) : undefined,
  ];
}
