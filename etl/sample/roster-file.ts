import { type CsvRow, csvText } from './csv-text.ts';
import { clubsOf, type League, scheduleCode } from './league.ts';
import { type Player, squadOf } from './people.ts';
import { hashOf } from './random.ts';

/** The text of `roster_YYYY.csv`: everybody who was on a roster in the season. */
export function rosterText(league: League, season: number): string {
  return csvText(
    clubsOf(league).flatMap((club) => {
      const team = scheduleCode(club, season);
      return squadOf(club, season).map((player) => rowOf(player, season, team));
    }),
  );
}

/** All 36 columns, in the order of the live file. */
function rowOf(player: Player, season: number, team: string): CsvRow {
  const { seed, first, last, position, depth, status } = player;
  const lastWeek = season >= 2021 ? 18 : 17;
  const number = (what: string, digits: number) =>
    10 ** (digits - 1) + (hashOf(`${what} ${seed}`) % (9 * 10 ** (digits - 1)));
  const hex = (what: string) => hashOf(`${what} ${seed}`).toString(16).padStart(8, '0');
  const uuid = `${hex('a')}-${hex('b').slice(0, 4)}-4${hex('c').slice(0, 3)}-8${hex('d').slice(0, 3)}-${hex('e')}${hex('f').slice(0, 4)}`;
  const letters = last.replace(/\W/g, '');
  const isDrafted = seed % 5 < 3;
  // As in the real file, a few players of practice squads have no id of the league yet.
  const hasNoId = status === 'DEV' && seed % 997 === season % 997;
  return {
    season,
    team,
    position,
    depth_chart_position: depth,
    jersey_number: player.jersey,
    status,
    full_name: `${first} ${last}`,
    first_name: first,
    last_name: last,
    birth_date: player.birthDate,
    height: player.height,
    weight: player.weight,
    college: player.college,
    gsis_id: hasNoId ? undefined : player.id,
    espn_id: number('espn', 7),
    sportradar_id: uuid,
    yahoo_id: number('yahoo', 5),
    rotowire_id: number('rotowire', 5),
    pff_id: number('pff', 6),
    pfr_id: `${letters.slice(0, 4)}${first.replace(/\W/g, '').slice(0, 2)}0${seed % 10}`,
    fantasy_data_id: number('fantasy', 5),
    sleeper_id: number('sleeper', 4),
    years_exp: season - player.firstYear,
    headshot_url: `https://images.example/private/f_auto,q_auto/league/${hex('picture')}${hex('file')}`,
    ngs_position: position === 'OL' ? undefined : depth,
    week: status === 'CUT' ? 1 + (seed % lastWeek) : lastWeek,
    game_type: 'REG',
    status_description_abbr: status === 'ACT' ? 'A01' : status === 'RES' ? 'R01' : 'P01',
    football_name: first,
    esb_id: `${letters.slice(0, 3).toUpperCase()}${number('esb', 6)}`,
    gsis_it_id: number('it', 5),
    smart_id: uuid.replace(/^.{4}/, '3200'),
    entry_year: player.firstYear,
    rookie_year: player.firstYear,
    draft_club: isDrafted ? team : undefined,
    draft_number: isDrafted ? 1 + (seed % 250) : undefined,
  };
}
