/**
 * The invented league that the sample sources serve. The same options give the same bytes on every machine. Names of
 * clubs and stadiums are facts; games, scores, players, odds and weather are invented.
 */
export type League = {
  /** `full` has 32 clubs and about 285 games a season; `small` has 8 clubs and 25 games, for tests. */
  readonly scale: 'full' | 'small';
  readonly firstSeason: number;
  /** The last completed season; of the next one a few games are scheduled. */
  readonly lastSeason: number;
  /** How often the sources have corrected their data: 0 as first published, 1 once. */
  readonly corrections: 0 | 1;
};

/** Raise it whenever the bytes of a file change: cached files of another version are not used. */
export const GENERATOR_VERSION = 3;

export const DEFAULT_LEAGUE: League = { scale: 'full', firstSeason: 1999, lastSeason: 2025, corrections: 0 };

/** A name for everything that determines the bytes of the files. */
export function leagueName({ scale, firstSeason, lastSeason, corrections }: League): string {
  return `v${GENERATOR_VERSION}-${scale}-${firstSeason}-${lastSeason}-${corrections}`;
}

export type Club = {
  readonly index: number;
  /** The present abbreviation. */
  readonly code: string;
  readonly name: string;
  readonly conference: 'AFC' | 'NFC';
  /** 0 to 7, four clubs each; the first four divisions are the AFC. */
  readonly division: number;
  readonly stadiumId: string;
  readonly stadium: string;
  readonly roof: 'outdoors' | 'dome' | 'retractable';
  readonly surface: string;
};

/** The clubs of a league, the four of each division one after the other; a small league has one division of each conference. */
export function clubsOf({ scale }: League): readonly Club[] {
  return scale === 'full' ? CLUBS : CLUBS.filter(({ division }) => division === 3 || division === 4);
}

/** The abbreviation in the schedule of a season: the schedule keeps the codes of former cities. */
export function scheduleCode({ code }: Club, season: number): string {
  return FORMER.find((former) => former.code === code && season <= former.until)?.scheduleCode ?? code;
}

/** The name that bookmakers used in a season. */
export function clubName({ code, name }: Club, season: number): string {
  return FORMER.find((former) => former.code === code && season <= former.until)?.name ?? name;
}

const FORMER = [
  { code: 'LV', until: 2019, scheduleCode: 'OAK', name: 'Oakland Raiders' },
  { code: 'LAC', until: 2016, scheduleCode: 'SD', name: 'San Diego Chargers' },
  { code: 'LA', until: 2015, scheduleCode: 'STL', name: 'St. Louis Rams' },
  { code: 'WAS', until: 2019, scheduleCode: 'WAS', name: 'Washington Redskins' },
  { code: 'WAS', until: 2021, scheduleCode: 'WAS', name: 'Washington Football Team' },
];

const CLUBS: readonly Club[] = [
  'BUF|Buffalo Bills|BUF00|Highmark Stadium|outdoors|a_turf',
  'MIA|Miami Dolphins|MIA00|Hard Rock Stadium|outdoors|grass',
  'NE|New England Patriots|BOS00|Gillette Stadium|outdoors|fieldturf',
  'NYJ|New York Jets|NYC01|MetLife Stadium|outdoors|fieldturf',
  'BAL|Baltimore Ravens|BAL00|M&T Bank Stadium|outdoors|grass',
  'CIN|Cincinnati Bengals|CIN00|Paycor Stadium|outdoors|fieldturf',
  'CLE|Cleveland Browns|CLE00|Huntington Bank Field|outdoors|grass',
  'PIT|Pittsburgh Steelers|PIT00|Acrisure Stadium|outdoors|grass',
  'HOU|Houston Texans|HOU00|Reliant Stadium|retractable|matrixturf',
  'IND|Indianapolis Colts|IND00|Lucas Oil Stadium|retractable|fieldturf',
  'JAX|Jacksonville Jaguars|JAX00|EverBank Stadium|outdoors|grass',
  'TEN|Tennessee Titans|NAS00|Nissan Stadium|outdoors|grass',
  'DEN|Denver Broncos|DEN00|Empower Field at Mile High|outdoors|grass',
  'KC|Kansas City Chiefs|KAN00|GEHA Field at Arrowhead Stadium|outdoors|grass',
  'LV|Las Vegas Raiders|VEG00|Allegiant Stadium|dome|grass',
  'LAC|Los Angeles Chargers|LAX01|SoFi Stadium|dome|matrixturf',
  'DAL|Dallas Cowboys|DAL00|AT&T Stadium|retractable|matrixturf',
  'NYG|New York Giants|NYC01|MetLife Stadium|outdoors|fieldturf',
  'PHI|Philadelphia Eagles|PHI00|Lincoln Financial Field|outdoors|grass',
  'WAS|Washington Commanders|WAS00|Northwest Stadium|outdoors|grass',
  'CHI|Chicago Bears|CHI98|Soldier Field|outdoors|grass',
  'DET|Detroit Lions|DET00|Ford Field|dome|fieldturf',
  'GB|Green Bay Packers|GNB00|Lambeau Field|outdoors|grass',
  'MIN|Minnesota Vikings|MIN01|U.S. Bank Stadium|dome|sportturf',
  'ATL|Atlanta Falcons|ATL97|Mercedes-Benz Stadium|retractable|fieldturf',
  'CAR|Carolina Panthers|CAR00|Bank of America Stadium|outdoors|fieldturf',
  'NO|New Orleans Saints|NOR00|Caesars Superdome|dome|sportturf',
  'TB|Tampa Bay Buccaneers|TAM00|Raymond James Stadium|outdoors|grass',
  'ARI|Arizona Cardinals|PHO00|State Farm Stadium|retractable|grass',
  'LA|Los Angeles Rams|LAX01|SoFi Stadium|dome|matrixturf',
  'SEA|Seattle Seahawks|SEA00|Lumen Field|outdoors|fieldturf',
  "SF|San Francisco 49ers|SFO01|Levi's Stadium|outdoors|grass",
].map((line, index) => {
  const [code = '', name = '', stadiumId = '', stadium = '', roof, surface = ''] = line.split('|');
  const division = Math.floor(index / 4);
  const conference = division < 4 ? 'AFC' : 'NFC';
  return { index, code, name, conference, division, stadiumId, stadium, roof: roof as Club['roof'], surface };
});
