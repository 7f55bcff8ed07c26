import type { Club } from './league.ts';
import type { Random } from './random.ts';

/** Where a game is played. */
export type Venue = {
  readonly neutral: boolean;
  /** As the schedule has them; not reliable for a neutral place. */
  readonly stadiumId: string;
  readonly stadium: string;
  /** The real place, as the play-by-play has it. */
  readonly playedAt: string;
  readonly roof: 'outdoors' | 'dome' | 'closed' | 'open';
  readonly surface: string;
};

export function homeVenue(club: Club, day: string, random: Random): Venue {
  const month = Number(day.slice(5, 7));
  const isOpen = month >= 3 && month <= 10 && random.chance(0.4);
  return {
    neutral: false,
    stadiumId: club.stadiumId,
    stadium: club.stadium,
    playedAt: club.stadium,
    roof: club.roof === 'retractable' && isOpen ? 'open' : closedRoof(club),
    // As in the real file, some rows end in a blank.
    surface: random.chance(0.04) ? `${club.surface} ` : club.surface,
  };
}

/** In a few weeks one game is played abroad: its venue for a given host, undefined in other weeks. */
export function abroadVenues(season: number, week: number): ((host: Club) => Venue) | undefined {
  const place = PLACES_ABROAD.find((candidate) => candidate.week === week);
  if (place === undefined || season < 2007) return undefined;
  return (host) => ({
    neutral: true,
    // The real schedule sometimes keeps the id of the host's own stadium, and even its name.
    stadiumId: place.wrong === '' ? place.id : host.stadiumId,
    stadium: place.wrong === 'id and name' ? host.stadium : place.name,
    playedAt: place.name,
    roof: place.wrong === '' ? 'outdoors' : closedRoof(host),
    surface: 'grass',
  });
}

const PLACES_ABROAD = [
  { week: 4, id: 'LON00', name: 'Wembley Stadium', wrong: '' },
  { week: 5, id: 'LON02', name: 'Tottenham Hotspur Stadium', wrong: '' },
  { week: 6, id: 'LON02', name: 'Tottenham Hotspur Stadium', wrong: 'id' },
  { week: 10, id: 'GER00', name: 'Allianz Arena', wrong: 'id and name' },
];

export function finalVenue({ stadiumId, stadium, surface, ...host }: Club): Venue {
  return { neutral: true, stadiumId, stadium, playedAt: stadium, roof: closedRoof(host), surface };
}

const closedRoof = ({ roof }: Pick<Club, 'roof'>) => (roof === 'retractable' ? 'closed' : roof);
