import { BadBody } from './http-get.ts';

type OddsOutcome = { readonly name: string; readonly price: number; readonly point: number | null };
type OddsMarket = { readonly key: string; readonly outcomes: readonly OddsOutcome[] };
type OddsBook = {
  readonly key: string;
  /** ISO 8601, UTC; null when the feed does not say. */
  readonly lastUpdate: string | null;
  readonly markets: readonly OddsMarket[];
};
type OddsEvent = {
  readonly id: string;
  /** The announced kickoff, ISO 8601, UTC. Night games fall on the day after the schedule's Eastern date. */
  readonly commenceTime: string;
  readonly homeTeam: string;
  readonly awayTeam: string;
  readonly books: readonly OddsBook[];
};

/** What all books said at one moment: The Odds API v4's historical answer, with only the fields that are loaded. */
export type OddsSnapshot = {
  /** When the snapshot was taken, ISO 8601, UTC; null when the API had none that early. */
  readonly takenAt: string | null;
  readonly events: readonly OddsEvent[];
};

/**
 * Reads an answer's text. Throws BadBody for what is no such answer, because that is worth asking again; books without
 * markets, markets without outcomes and markets nobody asked for are all in order.
 */
export function parseOddsSnapshot(text: string): OddsSnapshot {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new BadBody('the answer is not JSON, or breaks off');
  }
  const top = objectAt(answer, 'the answer');
  const takenAt = top['timestamp'] === null || top['timestamp'] === undefined ? null : instant(top['timestamp']);
  return { takenAt, events: listAt(top['data'], 'data').map(eventOf) };
}

function eventOf(value: unknown): OddsEvent {
  const event = objectAt(value, 'an event');
  return {
    id: textAt(event['id'], 'id'),
    commenceTime: instant(event['commence_time']),
    homeTeam: textAt(event['home_team'], 'home_team'),
    awayTeam: textAt(event['away_team'], 'away_team'),
    books: listAt(event['bookmakers'] ?? [], 'bookmakers').map(bookOf),
  };
}

function bookOf(value: unknown): OddsBook {
  const book = objectAt(value, 'a bookmaker');
  return {
    key: textAt(book['key'], 'key'),
    lastUpdate: typeof book['last_update'] === 'string' ? instant(book['last_update']) : null,
    markets: listAt(book['markets'] ?? [], 'markets').map((entry) => {
      const market = objectAt(entry, 'a market');
      return {
        key: textAt(market['key'], 'key'),
        outcomes: listAt(market['outcomes'] ?? [], 'outcomes').map(outcomeOf),
      };
    }),
  };
}

function outcomeOf(value: unknown): OddsOutcome {
  const outcome = objectAt(value, 'an outcome');
  const { price, point } = outcome;
  if (typeof price !== 'number') throw new BadBody(`an outcome's price is ${JSON.stringify(price)}, not a number`);
  return { name: textAt(outcome['name'], 'name'), price, point: typeof point === 'number' ? point : null };
}

function objectAt(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new BadBody(`${what} is not an object as The Odds API v4 describes it`);
}

function listAt(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new BadBody(`"${what}" is not a list as The Odds API v4 describes it`);
}

function textAt(value: unknown, what: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new BadBody(`"${what}" is missing or not text`);
}

function instant(value: unknown): string {
  if (typeof value === 'string' && Number.isFinite(Date.parse(value))) return value;
  throw new BadBody(`${JSON.stringify(value)} is no time as The Odds API v4 writes it`);
}
