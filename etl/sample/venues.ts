import type { Club } from './clubs.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** Where a game is played, as the schedule tells it, and as it is. */
export type Venue = {
  readonly neutral: boolean;
  /** As the schedule says; not to be trusted for a neutral place. */
  readonly stadiumId: string;
  readonly stadium: string;
  /** The real place. */
  readonly playedAt: string;
  readonly roof: '' | 'outdoors' | 'dome' | 'closed' | 'open';
  readonly surface: string;
};

export function venueAtHome(club: Club, day: string, random: Random): Venue {
  const month = Number(day.slice(5, 7));
  const shut = month >= 11 || month <= 2 || random.chance(0.6);
  return {
    neutral: false,
    stadiumId: club.stadiumId,
    stadium: club.stadium,
    playedAt: club.stadium,
    roof: club.roof === 'retractable' ? (shut ? 'closed' : 'open') : club.roof,
    // As in the real file, some rows have a blank at the end.
    surface: random.chance(0.04) ? `${club.surface} ` : club.surface,
  };
}

/** In a few weeks one game is played abroad; the function gives its venue by the club that is called the host. */
export function hostsAbroad(season: number, week: number, world: World): ((host: Club) => Venue) | undefined {
  const place = PLACES_ABROAD[week];
  if (place === undefined || season < 2007 || world.scale === 'small') return undefined;
  return (host) => ({
    neutral: true,
    // The schedule has been known to leave the host's own id, and even its name.
    stadiumId: place.told === 'right' ? place.id : host.stadiumId,
    stadium: place.told === 'wrong' ? host.stadium : place.name,
    playedAt: place.name,
    roof: place.told === 'right' ? 'outdoors' : venueRoof(host),
    surface: 'grass',
  });
}

export function finalVenue(host: Club): Venue {
  return {
    neutral: true,
    stadiumId: host.stadiumId,
    stadium: host.stadium,
    playedAt: host.stadium,
    roof: venueRoof(host),
    surface: host.surface,
  };
}

const venueRoof = (club: Club) => (club.roof === 'retractable' ? 'closed' : club.roof);

type PlaceAbroad = { readonly id: string; readonly name: string; readonly told: 'right' | 'wrong-id' | 'wrong' };

const PLACES_ABROAD: Readonly<Record<number, PlaceAbroad>> = {
  4: { id: 'LON00', name: 'Wembley Stadium', told: 'right' },
  5: { id: 'LON02', name: 'Tottenham Hotspur Stadium', told: 'right' },
  6: { id: 'LON02', name: 'Tottenham Hotspur Stadium', told: 'wrong-id' },
  10: { id: 'GER00', name: 'Allianz Arena', told: 'wrong' },
};
