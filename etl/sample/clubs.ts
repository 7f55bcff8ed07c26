import type { World } from './world.ts';

export type Club = {
  readonly index: number;
  /** Today's abbreviation. */
  readonly code: string;
  readonly name: string;
  readonly conference: 'AFC' | 'NFC';
  /** 0 to 7: four clubs each, the first four of them AFC. */
  readonly division: number;
  readonly stadiumId: string;
  readonly stadium: string;
  readonly roof: 'outdoors' | 'dome' | 'retractable';
  readonly surface: string;
  /** West of the Rocky Mountains, where games begin later in Eastern time. */
  readonly west: boolean;
};

/** The clubs of a world, four of each division one after the other. */
export function clubsOf(world: World): readonly Club[] {
  // One division of each conference, so that there is a final.
  return world.scale === 'full' ? CLUBS : CLUBS.filter((club) => club.division === 3 || club.division === 4);
}

/** The abbreviation that the schedule of that season uses: it keeps the places of then. */
export function scheduleCode(club: Club, season: number): string {
  const former = FORMER_CODES[club.code];
  return former !== undefined && season <= former.until ? former.code : club.code;
}

/** The name of the club in that season, as bookmakers write it. */
export function clubName(club: Club, season: number): string {
  return FORMER_NAMES[club.code]?.find(({ until }) => season <= until)?.name ?? club.name;
}

const FORMER_CODES: Readonly<Record<string, { readonly code: string; readonly until: number }>> = {
  LV: { code: 'OAK', until: 2019 },
  LAC: { code: 'SD', until: 2016 },
  LA: { code: 'STL', until: 2015 },
};

const FORMER_NAMES: Readonly<Record<string, readonly { readonly name: string; readonly until: number }[]>> = {
  LV: [{ name: 'Oakland Raiders', until: 2019 }],
  LAC: [{ name: 'San Diego Chargers', until: 2016 }],
  LA: [{ name: 'St. Louis Rams', until: 2015 }],
  WAS: [
    { name: 'Washington Redskins', until: 2019 },
    { name: 'Washington Football Team', until: 2021 },
  ],
};

const WEST = new Set(['ARI', 'DEN', 'LA', 'LAC', 'LV', 'SEA', 'SF']);

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
  return {
    index,
    code,
    name,
    conference: division < 4 ? 'AFC' : 'NFC',
    division,
    stadiumId,
    stadium,
    roof: roof as Club['roof'],
    surface,
    west: WEST.has(code),
  };
});
