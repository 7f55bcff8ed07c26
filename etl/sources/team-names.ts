/**
 * The schedule's code of a team that a feed calls by its full name, retired names included; undefined for what is no
 * club (the Pro Bowl's AFC and NFC). Case, dots and spaces do not matter.
 */
export function teamCodeOfName(name: string): string | undefined {
  return CODES.get(plain(name));
}

const NAMES: Readonly<Record<string, readonly string[]>> = {
  ARI: ['Arizona Cardinals'],
  ATL: ['Atlanta Falcons'],
  BAL: ['Baltimore Ravens'],
  BUF: ['Buffalo Bills'],
  CAR: ['Carolina Panthers'],
  CHI: ['Chicago Bears'],
  CIN: ['Cincinnati Bengals'],
  CLE: ['Cleveland Browns'],
  DAL: ['Dallas Cowboys'],
  DEN: ['Denver Broncos'],
  DET: ['Detroit Lions'],
  GB: ['Green Bay Packers'],
  HOU: ['Houston Texans'],
  IND: ['Indianapolis Colts'],
  JAX: ['Jacksonville Jaguars'],
  KC: ['Kansas City Chiefs'],
  LA: ['Los Angeles Rams', 'St. Louis Rams', 'LA Rams'],
  LAC: ['Los Angeles Chargers', 'San Diego Chargers', 'LA Chargers'],
  LV: ['Las Vegas Raiders', 'Oakland Raiders'],
  MIA: ['Miami Dolphins'],
  MIN: ['Minnesota Vikings'],
  NE: ['New England Patriots'],
  NO: ['New Orleans Saints'],
  NYG: ['New York Giants'],
  NYJ: ['New York Jets'],
  PHI: ['Philadelphia Eagles'],
  PIT: ['Pittsburgh Steelers'],
  SEA: ['Seattle Seahawks'],
  SF: ['San Francisco 49ers'],
  TB: ['Tampa Bay Buccaneers'],
  TEN: ['Tennessee Titans'],
  WAS: ['Washington Commanders', 'Washington Football Team', 'Washington Redskins'],
};

/** Codes of former places and of other spellings, and the code of the same club today. */
export const RETIRED_TEAM_CODES: Readonly<Record<string, string>> = {
  OAK: 'LV',
  SD: 'LAC',
  STL: 'LA',
  LAR: 'LA',
  JAC: 'JAX',
  WSH: 'WAS',
  WFT: 'WAS',
  ARZ: 'ARI',
  BLT: 'BAL',
  CLV: 'CLE',
  HST: 'HOU',
};

const CODES: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([code, names]) => names.map((name) => [plain(name), code] as const)),
);

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
