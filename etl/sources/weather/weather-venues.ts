/** What the schedule says about where a game is played. */
export type ScheduledPlace = {
  readonly gameId: string;
  readonly gameType: string;
  readonly neutral: boolean;
  readonly stadiumId: string | null;
  readonly stadiumName: string | null;
  /** Where the home team plays its home games in that season. */
  readonly homeStadiumId: string | null;
};

export type Venue = {
  /** A name that `weatherSite` knows: a stadium id, or a place that the schedule has no id for. */
  readonly id: string;
  /** Set when the schedule's stadium id is of another place, and so its roof is too. */
  readonly corrected: boolean;
};

/**
 * Where a game was really played; undefined when that cannot be known. A neutral site's stadium id is not to be trusted:
 * the schedule may go on naming the home team's own stadium (all of 2025's games abroad), or have the new name beside
 * the old id (2026). Super Bowls have always been right.
 */
export function venueOf(place: ScheduledPlace): Venue | undefined {
  const known = PLAYED_AT[place.gameId] ?? (place.neutral ? ABROAD[place.stadiumName ?? ''] : undefined);
  if (known !== undefined) return { id: known, corrected: known !== place.stadiumId };
  if (place.stadiumId === null) return undefined;
  const doubtful = place.neutral && place.gameType !== 'SB' && place.stadiumId === place.homeStadiumId;
  return doubtful ? undefined : { id: place.stadiumId, corrected: false };
}

/** Games whose row in the schedule names the wrong stadium and nothing else to tell by. */
const PLAYED_AT: Readonly<Record<string, string>> = {
  '2025_01_KC_LAC': 'SAO00',
  '2025_04_MIN_PIT': 'croke-park',
  '2025_05_MIN_CLE': 'LON02',
  '2025_06_DEN_NYJ': 'LON02',
  '2025_07_LA_JAX': 'LON00',
  '2025_10_ATL_IND': 'berlin-olympiastadion',
  '2025_11_WAS_MIA': 'bernabeu',
};

/** Stadiums abroad by the names that the schedule uses, whichever id stands beside them. */
const ABROAD: Readonly<Record<string, string>> = {
  'Allianz Arena': 'GER00',
  'FC Bayern Munich Stadium': 'GER00',
  'Deutsche Bank Park': 'FRA00',
  'Wembley Stadium': 'LON00',
  'Twickenham Stadium': 'LON01',
  'Tottenham Stadium': 'LON02',
  'Tottenham Hotspur Stadium': 'LON02',
  'Azteca Stadium': 'MEX00',
  'Estadio Banorte': 'MEX00',
  'Arena Corinthians': 'SAO00',
  'Croke Park': 'croke-park',
  Olympiastadion: 'berlin-olympiastadion',
  Bernabeu: 'bernabeu',
  'Maracana Stadium': 'maracana',
  'Melbourne Cricket Ground': 'melbourne-cricket-ground',
  'Stade de France': 'stade-de-france',
};
