import { BadBody } from '../http-get.ts';

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
  /** What of the answer could not be read and is left out, a line each: an event, a book, a market or an outcome. */
  readonly dropped: readonly string[];
};

/** American odds are whole numbers of 100 and more, either sign; values beyond the limit are errors. */
const MAX_PRICE = 1_000_000;
/** Points of a spread or a total. */
const MAX_POINT = 1000;

/**
 * Reads an answer's text. Throws BadBody for what is no such answer at all. What is wrong within it costs only the part
 * that is wrong, because the answer was paid for. Books without markets, markets without outcomes and markets nobody
 * asked for are all in order.
 */
export function parseOddsSnapshot(text: string): OddsSnapshot {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new BadBody('the answer is not JSON, or is truncated');
  }
  const top = objectAt(answer, 'the answer');
  const takenAt = top['timestamp'] === null || top['timestamp'] === undefined ? null : instant(top['timestamp']);
  const dropped: string[] = [];
  const events = readable(listAt(top['data'], 'data'), 'event', dropped, eventOf);
  if (takenAt === null && events.length > 0) throw new BadBody('the answer has no time');
  return { takenAt, events, dropped };
}

/** Reads the parts of a list that can be read, and notes the others. */
function readable<Part>(
  list: readonly unknown[],
  what: string,
  dropped: string[],
  read: (value: unknown, dropped: string[]) => Part,
): readonly Part[] {
  return list.flatMap((value, index) => {
    try {
      return [read(value, dropped)];
    } catch (error) {
      if (!(error instanceof BadBody)) throw error;
      dropped.push(`${what} ${index + 1}: ${error.message}`);
      return [];
    }
  });
}

function eventOf(value: unknown, dropped: string[]): OddsEvent {
  const event = objectAt(value, 'an event');
  const teams = {
    homeTeam: textAt(event['home_team'], 'home_team'),
    awayTeam: textAt(event['away_team'], 'away_team'),
  };
  const within: string[] = [];
  const books = readable(listAt(event['bookmakers'] ?? [], 'bookmakers'), 'bookmaker', within, bookOf);
  dropped.push(...within.map((line) => `${teams.awayTeam} at ${teams.homeTeam}, ${line}`));
  return { id: textAt(event['id'], 'id'), commenceTime: instant(event['commence_time']), ...teams, books };
}

function bookOf(value: unknown, dropped: string[]): OddsBook {
  const book = objectAt(value, 'a bookmaker');
  const key = textAt(book['key'], 'key');
  const within: string[] = [];
  const markets = readable(listAt(book['markets'] ?? [], 'markets'), 'market', within, marketOf);
  dropped.push(...within.map((line) => `${key}, ${line}`));
  const { last_update: lastUpdate } = book;
  return { key, lastUpdate: isInstant(lastUpdate) ? lastUpdate : null, markets };
}

function marketOf(value: unknown, dropped: string[]): OddsMarket {
  const market = objectAt(value, 'a market');
  const key = textAt(market['key'], 'key');
  const within: string[] = [];
  const outcomes = readable(listAt(market['outcomes'] ?? [], 'outcomes'), 'outcome', within, outcomeOf);
  dropped.push(...within.map((line) => `${key}, ${line}`));
  return { key, outcomes };
}

function outcomeOf(value: unknown): OddsOutcome {
  const outcome = objectAt(value, 'an outcome');
  const { price, point = null } = outcome;
  if (!isWithin(price, MAX_PRICE) || Math.round(price) === 0) {
    throw new BadBody(`the price is ${shown(price)}, not American odds`);
  }
  if (point !== null && !isWithin(point, MAX_POINT))
    throw new BadBody(`the point is ${shown(point)}, not a number of points`);
  return { name: textAt(outcome['name'], 'name'), price, point };
}

function isWithin(value: unknown, largest: number): value is number {
  return typeof value === 'number' && Math.abs(value) <= largest;
}

/** JSON.parse reads 1e999 as Infinity. */
function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'missing').slice(0, 60);
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
  if (isInstant(value)) return value;
  throw new BadBody(`${shown(value)} is not a time as The Odds API v4 writes it`);
}

/** A form that PostgreSQL reads too; Date.parse accepts others. */
function isInstant(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    Number.isFinite(Date.parse(value))
  );
}
