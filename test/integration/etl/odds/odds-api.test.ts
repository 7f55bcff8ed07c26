import { afterEach, expect, test } from 'vitest';
import { fetchOddsSnapshot } from '../../../../etl/sources/odds/odds-api.ts';
import { TaskError } from '../../../../etl/task-error.ts';
import { type Answer, type OddsServer, oddsEvent, startOddsServer } from './odds-server.ts';

const KEY = 'k3y+with/odd=signs';
const AT = new Date('2022-09-11T12:00:00Z');
const QUICK = { firstPauseMs: 5, attempts: 3 };
const SNAPSHOT = {
  timestamp: '2022-09-11T11:55:39Z',
  previous_timestamp: '2022-09-11T11:50:39Z',
  next_timestamp: null,
  data: [oddsEvent('e1', 'Buffalo Bills', 'Los Angeles Rams', '2022-09-12T00:20:00Z')],
};

let server: OddsServer | undefined;
afterEach(() => server?.close());

/** What the client says to a server that gives these answers in turn, the last for ever. */
async function ask(answers: readonly Answer[], log: string[] = []) {
  server = await startOddsServer((_url, nth) => answers[Math.min(nth, answers.length) - 1] ?? {});
  return fetchOddsSnapshot(server.url, KEY, AT, { ...QUICK, log: (line) => log.push(line) });
}

async function failure(answers: readonly Answer[], log: string[] = []): Promise<TaskError> {
  const error = await ask(answers, log).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TaskError);
  return error as TaskError;
}

/** Everything that could be printed of an error. */
const printed = (error: Error): string =>
  [error.message, error.stack, error.cause instanceof Error ? printed(error.cause) : String(error.cause)].join('\n');

const expectNoKey = (text: string) => {
  for (const form of [KEY, encodeURIComponent(KEY)]) expect(text).not.toContain(form);
};

test('the three markets of one region are requested for that moment', async () => {
  const answer = await ask([
    { body: SNAPSHOT, headers: { 'x-requests-remaining': '470', 'x-requests-used': '30', 'x-requests-last': '30' } },
  ]);
  const query = Object.fromEntries(server?.requests[0]?.searchParams ?? []);
  expect(query).toEqual({
    apiKey: KEY,
    date: '2022-09-11T12:00:00Z',
    dateFormat: 'iso',
    markets: 'h2h,spreads,totals',
    oddsFormat: 'american',
    regions: 'us',
  });
  expect(answer.takenAt).toBe('2022-09-11T11:55:39Z');
  expect(answer.events[0]?.books[1]?.markets[1]?.outcomes[1]).toEqual({
    name: 'Los Angeles Rams',
    price: -110,
    point: -2.5,
  });
});

test('a snapshot with an unrequested market, a book without markets and an event without books is valid', async () => {
  const extra = structuredClone(SNAPSHOT) as { data: Record<string, unknown>[] };
  extra.data[0]!['bookmakers'] = [
    { key: 'exchange', markets: [{ key: 'h2h_lay', outcomes: [{ name: 'Buffalo Bills', price: 2000 }] }] },
    { key: 'silent' },
  ];
  extra.data.push({ id: 'e2', commence_time: '2022-09-12T17:00:00Z', home_team: 'AFC', away_team: 'NFC' });
  const snapshot = await ask([{ body: extra }]);
  expect(snapshot.events.map((event) => event.books.map((book) => book.markets.length))).toEqual([[1, 0], []]);
});

test('a time before the first snapshot has no events', async () => {
  const snapshot = await ask([{ body: { timestamp: null, data: [] } }]);
  expect(snapshot).toEqual({ takenAt: null, events: [], dropped: [] });
});

test('after "too many requests" it waits as long as the server says, and retries', async () => {
  const log: string[] = [];
  const answer = await ask([{ status: 429, headers: { 'retry-after': '0' } }, { body: SNAPSHOT }], log);
  expect(answer.events).toHaveLength(1);
  expect(log).toHaveLength(1);
  expect(log[0]).toContain('429');
  expectNoKey(log.join('\n'));
});

test('a wait that is too long ends the attempt and reports when to retry', async () => {
  const error = await failure([{ status: 429, headers: { 'retry-after': '900' } }]);
  expect(error.retryAfterSeconds).toBe(900);
  expect(error.exitCode).toBe(1);
  expectNoKey(printed(error));
});

test('a server error, a truncated body and invalid JSON are retried', async () => {
  const body = JSON.stringify(SNAPSHOT);
  for (const first of [{ status: 503 }, { body, breakAfter: 40 }, { body: body.slice(0, -20) }, { body: '[]' }]) {
    const answer = await ask([first, { body }]);
    expect(answer.events).toHaveLength(1);
    expect(server?.requests).toHaveLength(2);
    await server?.close();
  }
});

test('a server that keeps failing ends the attempt as retryable, without the key in the message', async () => {
  const log: string[] = [];
  const error = await failure([{ status: 500 }], log);
  expect(server?.requests).toHaveLength(QUICK.attempts);
  expect(error.exitCode).toBe(1);
  expectNoKey(printed(error) + log.join('\n'));
});

test.each([
  ['INVALID_KEY', 'API key is not valid', 'typing mistake'],
  ['OUT_OF_USAGE_CREDITS', 'Usage quota has been reached', 'no credits left'],
  ['HISTORICAL_UNAVAILABLE_ON_FREE_USAGE_PLAN', 'Historical odds are only available on paid plans', 'paid plan'],
  ['SOMETHING_NEW', 'who are you', 'check ODDS_API_KEY'],
])('a refusal (%s) is final: one request, exit code 2, and what to do', async (code, message, advice) => {
  const error = await failure([{ status: 401, body: { message, error_code: code } }]);
  expect(server?.requests).toHaveLength(1);
  expect(error.exitCode).toBe(2);
  expect(error.message).toContain(message);
  expect(error.message).toContain(advice);
});

test('the key is masked even in what the server sends back', async () => {
  const body = { message: `the key ${KEY} (${encodeURIComponent(KEY)}) is unknown`, error_code: 'INVALID_KEY' };
  const error = await failure([{ status: 401, body }]);
  expect(error.message).toContain('the key …');
  expectNoKey(printed(error));
});

test('a refused parameter is reported with the message of the server', async () => {
  const error = await failure([
    { status: 422, body: { message: 'Invalid date', error_code: 'INVALID_HISTORICAL_TIMESTAMP' } },
  ]);
  expect(error.exitCode).toBe(2);
  expect(error.message).toContain('422: Invalid date, INVALID_HISTORICAL_TIMESTAMP');
});
