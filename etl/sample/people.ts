import type { Club } from './league.ts';
import { hashOf, type Random, randomOf } from './random.ts';

/** An invented player in one season; heights in inches, weights in pounds. */
export type Player = {
  /** `00-0031234`, the same in every season. */
  readonly id: string;
  readonly first: string;
  readonly last: string;
  /** `J.Brackford`, as in descriptions of plays. */
  readonly short: string;
  readonly position: string;
  readonly depth: string;
  readonly jersey: number;
  readonly birthDate: string;
  readonly height: number;
  readonly weight: number;
  readonly college: string;
  readonly firstYear: number;
  readonly status: string;
  /** What further ids and numbers of the player are derived from. */
  readonly seed: number;
};

/** The players of a club in a season, the best of each position first. */
export function squadOf(club: Club, season: number): readonly Player[] {
  return SLOTS.map((slot, index) => playerAt(club, season, slot, index));
}

export function quarterbackOf(club: Club, season: number): Player {
  return playerAt(club, season, SLOTS[0] as Slot, 0);
}

export function coachOf(club: Club, season: number): string {
  const random = randomOf(`coach ${club.code} ${Math.floor((season + (club.index % 5)) / 5)}`);
  return `${random.pick(FIRST_NAMES)} ${lastName(random)}`;
}

export function refereeOf(gameId: string): string {
  const random = randomOf(`referee ${hashOf(gameId) % 17}`);
  return `${random.pick(FIRST_NAMES)} ${lastName(random)}`;
}

type Slot = (typeof SLOTS)[number];

/** The 97 places of a club: a whole season's roster, practice squad and injured players included. */
const SLOTS = `
  QB QB 4 75 220 1 19, RB RB 7 71 213 20 39, WR WR 13 73 200 10 19, TE TE 6 77 252 80 89, OL T 7 78 315 60 79,
  OL G 6 76 315 60 79, OL C 3 75 305 50 79, DL DE 8 76 275 90 99, DL DT 7 75 308 90 99, LB OLB 8 74 242 40 59,
  LB ILB 6 73 235 40 59, DB CB 11 71 193 20 39, DB S 8 72 205 20 39, K K 1 72 195 1 9, P P 1 74 210 1 9,
  LS LS 1 74 245 40 49`
  .split(',')
  .flatMap((line) => {
    const [position = '', depth = '', ...numbers] = line.trim().split(' ');
    const [count = 0, height = 0, weight = 0, low = 0, high = 0] = numbers.map(Number);
    return Array.from({ length: count }, () => ({ position, depth, height, weight, low, high }));
  });

function playerAt(club: Club, season: number, slot: Slot, index: number): Player {
  // A place changes hands every three to six years.
  const years = 3 + (hashOf(`tenure ${club.code} ${index}`) % 4);
  const offset = hashOf(`offset ${club.code} ${index}`) % years;
  const tenure = Math.floor((season - 1990 + offset) / years);
  const firstYear = 1990 + tenure * years - offset;
  const random = randomOf(`player ${club.code} ${index} ${tenure}`);
  const number = 20_000 + (((club.index * SLOTS.length + index) * 13 + tenure) % 79_999);
  const first = random.pick(FIRST_NAMES);
  const last = lastName(random) + (random.chance(0.05) ? random.pick([' Jr.', ' II', ' III']) : '');
  const born = new Date(Date.UTC(firstYear - 22, random.int(0, 11), random.int(1, 28)));
  return {
    id: `00-00${number}`,
    first,
    last,
    short: `${first[0]}.${last.replace(/ (Jr\.|II|III)$/, '')}`,
    position: slot.position,
    depth: slot.depth,
    jersey: random.int(slot.low, slot.high),
    birthDate: born.toISOString().slice(0, 10),
    height: Math.round(random.normal(slot.height, 1.3)),
    weight: Math.round(random.normal(slot.weight, slot.weight * 0.035)),
    college: random.pick(COLLEGES),
    firstYear,
    status: statusOf(randomOf(`status ${number} ${season}`)),
    seed: number,
  };
}

function statusOf(random: Random): string {
  const chance = random.next();
  if (chance < 0.56) return 'ACT';
  if (chance < 0.74) return 'DEV';
  if (chance < 0.87) return 'RES';
  return chance < 0.95 ? 'CUT' : 'INA';
}

/** Made of two halves; some have an apostrophe, a hyphen or an accent. */
function lastName(random: Random): string {
  const name = random.pick(NAME_STARTS) + random.pick(NAME_ENDS);
  const chance = random.next();
  if (chance < 0.03) return `O'${name}`;
  if (chance < 0.05) return `${name}-${random.pick(NAME_STARTS)}${random.pick(NAME_ENDS)}`;
  return chance < 0.07 ? random.pick(['Peñaloma', 'Núñegra', 'Lindström', 'Béchamp', 'Grünholt']) : name;
}

const FIRST_NAMES =
  "Aaron Adrian Alden Amos Andre Anton Avery Bennett Brandt Bryce Caleb Calvin Cedric Clay Corey Damon Darius D'Marco Dorian Elijah Emmett Ethan Felix Garrett Gavin Grady Grant Hollis Isaiah Ivan Jalen Jared Jorge José Joel Julian Keaton Kendrick Landon Lamont Levi Lucas Malcolm Marcus Miles Nate Nolan Omar Orlando Owen Preston Quentin Reggie René Rhett Roman Rufus Silas Tariq Terrell Tobias Tre'von Tyrell Victor Vaughn Wade Wesley Xavier Zeke".split(
    ' ',
  );
const NAME_STARTS =
  'Ash Bram Brack Cald Corm Dun Eld Fair Fen Gar Hart Hol Ives Kel Lang Mar Nor Oak Pem Quill Rad Stan Thorn Tres Ul Van West Wyn Yar Zell'.split(
    ' ',
  );
const NAME_ENDS =
  'bourne by croft dale den field ford grave ham holt land low man mere more ridge shaw stead ton well wick worth'.split(
    ' ',
  );
const COLLEGES =
  'Alden State|Brackford|Calder Tech|Eastern Plains|Fairmere|Glen Ridge|Lakeshore A&M|Marlow|Northfield|Pinewood State|Quillan|Red River|Saint Osric|Southern Bay|Tresham|Western Valley'.split(
    '|',
  );
