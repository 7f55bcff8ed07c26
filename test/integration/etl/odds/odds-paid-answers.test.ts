import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  BILLS_AT_RAMS,
  EVENTS,
  type OddsFixture,
  openOddsFixture,
  scheduleThreeDays,
  snapshotFor,
} from './odds-fixture.ts';
import type { Answer } from './odds-server.ts';
import { startTask } from './task-process.ts';

let odds: OddsFixture;
beforeAll(async () => {
  odds = await openOddsFixture();
});
afterAll(() => odds.close());
beforeEach(async () => {
  await odds.reset();
  await scheduleThreeDays(odds);
});

const PAID = { 'x-requests-last': '30', 'x-requests-remaining': '5000' };
/** More attempts than any budget of these tests pays for. */
const PATIENT = { attempts: 6, firstPauseMs: 1 };

/** The text of an answer with something of it written in another way. */
function rewritten(url: URL, from: string, to: string): Answer {
  const answer = snapshotFor(url);
  return { ...answer, body: JSON.stringify(answer.body).replace(from, to) };
}

test.each([
  ['a price of null', '"price":120', '"price":null'],
  ['an infinite price', '"price":120', '"price":1e999'],
  ['a price in words', '"price":120', '"price":"even"'],
  ['a price that no integer holds', '"price":120', '"price":99999999999'],
  ['an infinite point', '"point":2.5', '"point":-1e999'],
  ['an outcome without a name', '"name":"Over"', '"nome":"Over"'],
  ['an outcome that is null', '{"name":"Under","price":-115,"point":44.5}', 'null'],
])('%s costs that outcome and a warning, not the paid answer', async (_what, from, to) => {
  const log: string[] = [];
  await odds.serve((url) => rewritten(url, from, to));
  const refresh = await odds.refresh({ maxCredits: 90, http: PATIENT, log: (line) => log.push(line) });
  expect(refresh).toMatchObject({ days: 3, loaded: 3, requests: 3, spent: 90, dropped: 3, rows: 8 * 12 - 3 });
  expect(log.filter((line) => line.startsWith('warning: odds for 2022-09-'))).toHaveLength(3);
});

test.each([
  ['a market without a name', '"key":"totals"', '"key":7', 2],
  ['a book without a name', '"key":"first_book"', '"key":null', 6],
  ['an event without a time', '"commence_time":"2022-09-13T00:15:00Z"', '"commence_time":"soon"', 12 * 2],
])('%s costs that part only', async (_what, from, to, lost) => {
  await odds.serve((url) => rewritten(url, from, to));
  const { rows, dropped, loaded } = await odds.refresh({ dates: { from: '2022-09-12', to: '2022-09-12' } });
  expect({ rows, dropped, loaded }).toEqual({ rows: Math.max(0, 12 - lost), dropped: 1, loaded: 1 });
});

test.each<[string, (url: URL) => Answer, RegExp]>([
  [
    'no list of events',
    () => ({ body: { timestamp: '2022-09-12T11:55:00Z', data: 7 }, headers: PAID }),
    /"data" is not a list/,
  ],
  ['no JSON', () => ({ body: 'an apology', headers: PAID }), /not JSON/],
  ['no moment', () => ({ body: { timestamp: null, data: [BILLS_AT_RAMS] }, headers: PAID }), /has no time/],
])('an answer with %s is paid once, kept, and never requested again automatically', async (_what, answer, why) => {
  await odds.serve(answer);
  const run = 'the run';
  await expect(odds.refresh({ run, http: PATIENT })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(why),
  });
  expect(odds.asked()).toEqual(['2022-09-12T12:00:00Z']);
  // The other days go on in the next run, and the file is named that a person may remove.
  await odds.serve((url) => snapshotFor(url));
  await expect(odds.refresh()).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/2022-09-12 cannot be used: .* remove .*\.json\.gz \(2 of 3 game days are stored/),
  });
  expect(odds.asked()).toHaveLength(2);
});

test.each<[string, (url: URL) => Answer]>([
  ['that are truncated', (url) => ({ ...snapshotFor(url), breakAfter: 40 })],
  ['of a failing server that charges', () => ({ status: 500, headers: PAID })],
  ['that are no JSON and name no price', () => ({ body: 'an apology' })],
  ['that do not say what they cost and are truncated', (url) => ({ body: snapshotFor(url).body, breakAfter: 40 })],
])(
  'with answers %s all attempts of a run together keep to the credit limit, and the run fails',
  async (_what, answer) => {
    await odds.serve(answer);
    const attempt = () => odds.refresh({ run: 'the run', maxCredits: 60, http: PATIENT });
    for (let attempts = 0; attempts < 3; attempts++) await expect(attempt()).rejects.toMatchObject({ exitCode: 2 });
    expect(odds.asked()).toHaveLength(2);
  },
);

test('without a limit a truncated answer is requested at most twice in all attempts of a run', async () => {
  await odds.serve((url) => ({ ...snapshotFor(url), breakAfter: 40 }));
  for (let attempts = 0; attempts < 3; attempts++) {
    await expect(odds.refresh({ run: 'the run', http: PATIENT })).rejects.toThrow(/2 answers .* were paid for/);
  }
  expect(odds.asked()).toHaveLength(2);
  await odds.serve((url) => snapshotFor(url));
  expect(await odds.refresh({ run: 'the next run' })).toMatchObject({ loaded: 3 });
});

test('a request that costs more than expected sets the expected price of the next', async () => {
  await odds.serve((url) => ({ ...snapshotFor(url), headers: { 'x-requests-last': '60' } }));
  expect(await odds.refresh({ maxCredits: 100 })).toMatchObject({ requests: 1, spent: 60, loaded: 1 });
});

test('a server that is down costs nothing, and neither does one that is overloaded', async () => {
  await odds.serve((_url, nth) => (nth < 4 ? { status: 429, headers: { 'retry-after': '0' } } : { status: 503 }));
  await expect(odds.refresh({ run: 'the run', maxCredits: 30, http: PATIENT })).rejects.toMatchObject({ exitCode: 1 });
  expect(odds.asked()).toHaveLength(PATIENT.attempts);
  await odds.serve((url) => snapshotFor(url));
  expect(await odds.refresh({ run: 'the run', maxCredits: 30 })).toMatchObject({ loaded: 1, spent: 30 });
});

test('killed before its answer is stored, the request counts as paid, and the next attempt keeps to the limit', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'etl-odds-killed-'));
  try {
    const attempt = () =>
      startTask('odds-history', {
        cwd: directory,
        args: ['--max-credits', '60'],
        env: {
          DATABASE_URL: odds.databaseUrl,
          ODDS_API_BASE_URL: odds.serverUrl(),
          ODDS_API_KEY: 'a-good-key',
          ETL_PARAM_SEASONS: '2022',
          ETL_RUN_ID: 'the run',
        },
      });
    await odds.serve((url) => ({ ...snapshotFor(url), after: new Promise(() => {}) }));
    const killed = attempt();
    await odds.until(async () => odds.asked().length > 0);
    killed.process.kill('SIGKILL');
    await killed.ended;
    // The first call is alone: no more than one answer can be lost.
    expect(odds.asked()).toHaveLength(1);
    await odds.serve((url) => snapshotFor(url, EVENTS));
    const { code, output } = await attempt().ended;
    expect([code, output]).toEqual([0, expect.stringContaining('1 of 3 game days')]);
    expect(odds.asked()).toHaveLength(1);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
