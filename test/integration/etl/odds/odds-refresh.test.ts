import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseOddsDates } from '../../../../etl/sources/odds/odds-dates.ts';
import { relinkOddsToGames } from '../../../../etl/sources/odds/odds-store.ts';
import { EVENTS, type OddsFixture, openOddsFixture, scheduleThreeDays, snapshotFor } from './odds-fixture.ts';

let odds: OddsFixture;
beforeAll(async () => {
  odds = await openOddsFixture();
});
afterAll(() => odds.close());
beforeEach(() => odds.reset());

test('each game day is requested once, at noon UTC before its first kickoff, and the next run requests nothing', async () => {
  await scheduleThreeDays(odds);
  await odds.serve((url) => snapshotFor(url));
  const first = await odds.refresh();
  expect(odds.asked().sort()).toEqual(['2022-09-08T12:00:00Z', '2022-09-11T12:00:00Z', '2022-09-12T12:00:00Z']);
  expect(first).toMatchObject({ days: 3, loaded: 3, requests: 3, spent: 90, remaining: 5000 });
  // 4 + 3 + 1 events still to come at those moments, two books, three markets, two outcomes each.
  expect(first.changed).toBe(8 * 12);
  const second = await odds.refresh();
  expect(second).toMatchObject({ days: 3, loaded: 3, requests: 0, changed: 0 });
  expect(await relinkOddsToGames(odds.client)).toBe(0);
});

test('a day with an early kickoff is requested for an hour before it, and future days are not requested', async () => {
  await odds.schedule('2022_05_NYG_GB', '2022-10-09 07:30');
  await odds.schedule('2022_06_NYG_GB', null, '2022-10-16');
  await odds.schedule('2022_09_TB_DAL', '2098-10-16 13:00');
  await odds.serve((url) => snapshotFor(url));
  await odds.refresh();
  expect(odds.asked().sort()).toEqual(['2022-10-09T10:30:00Z', '2022-10-16T12:00:00Z']);
});

test('the credit limit of a run is kept, the newest days come first, and the next run continues', async () => {
  await scheduleThreeDays(odds);
  await odds.serve((url) => snapshotFor(url));
  expect(await odds.refresh({ maxCredits: 60 })).toMatchObject({ days: 3, loaded: 2, requests: 2, spent: 60 });
  expect(odds.asked().sort()).toEqual(['2022-09-11T12:00:00Z', '2022-09-12T12:00:00Z']);
  expect(await odds.refresh({ maxCredits: 60 })).toMatchObject({ days: 3, loaded: 3, requests: 1 });
  expect(await odds.refresh({ maxCredits: 0 })).toMatchObject({ loaded: 3, requests: 0 });
});

test('when the quota is used up half-way, the paid answers are stored, and no retry is requested', async () => {
  await scheduleThreeDays(odds);
  await odds.serve((url, nth) => snapshotFor(url, EVENTS, nth === 1 ? 20 : 0));
  const failure = odds.refresh();
  await expect(failure).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/20 credits left and a call costs 30.*1 of 3 game days are stored/),
  });
  expect(odds.asked()).toHaveLength(1);
  expect(await odds.rows('SELECT count(*)::int AS n FROM odds_snapshots')).toEqual([{ n: 1 }]);
});

test('when the server refuses half-way, the days before are stored and the message says so', async () => {
  await scheduleThreeDays(odds);
  await odds.serve((url, nth) =>
    nth === 1 ? snapshotFor(url) : { status: 401, body: { message: 'quota', error_code: 'OUT_OF_USAGE_CREDITS' } },
  );
  await expect(odds.refresh()).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/OUT_OF_USAGE_CREDITS.*1 of 3 game days are stored/),
  });
  expect(await odds.rows('SELECT count(DISTINCT snapshot_ts)::int AS n FROM odds_history')).toEqual([{ n: 1 }]);
});

test('a refused key is sent once only', async () => {
  await scheduleThreeDays(odds);
  await odds.serve(() => ({ status: 401, body: { message: 'no', error_code: 'INVALID_KEY' } }));
  await expect(odds.refresh()).rejects.toMatchObject({ exitCode: 2 });
  expect(odds.asked()).toHaveLength(1);
});

test('without a key it says what to do, but only when a request is needed', async () => {
  await scheduleThreeDays(odds);
  await expect(odds.refresh({ key: undefined })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/ODDS_API_KEY is not set.*--from-cache/),
  });
  await odds.serve((url) => snapshotFor(url));
  await odds.refresh();
  expect(await odds.refresh({ key: undefined })).toMatchObject({ loaded: 3, requests: 0 });
});

test('an answer that could not be stored is not paid again', async () => {
  await scheduleThreeDays(odds);
  await odds.serve((url) => snapshotFor(url));
  const store = async () => {
    throw new Error('the database went away');
  };
  await expect(odds.refresh({ store })).rejects.toThrow('the database went away');
  const paid = odds.asked().length;
  expect(await odds.refresh()).toMatchObject({ loaded: 3, requests: 3 - paid });
  expect(new Set(odds.asked()).size).toBe(3);
});

test('an answer in flight when the run is terminated is not paid again', async () => {
  await scheduleThreeDays(odds);
  const stop = new AbortController();
  let release = () => {};
  const after = new Promise<void>((resolve) => {
    release = resolve;
  });
  await odds.serve((url) => {
    stop.abort(new Error('told to stop'));
    release();
    return { ...snapshotFor(url), after };
  });
  await expect(odds.refresh({ signal: stop.signal })).rejects.toThrow('told to stop');
  expect(odds.asked()).toHaveLength(1);
  expect(await odds.refresh()).toMatchObject({ loaded: 3, requests: 2 });
});

test('rows missing from the table, and all rows on a forced load, come from the cache and cost nothing', async () => {
  await scheduleThreeDays(odds);
  await odds.serve((url) => snapshotFor(url));
  await odds.refresh();
  await odds.client.query(`DELETE FROM odds_history WHERE event_id = 'e3'`);
  expect(await odds.refresh()).toMatchObject({ loaded: 3, requests: 0, changed: 24 });
  await odds.client.query('UPDATE odds_history SET price = 100');
  expect(await odds.refresh()).toMatchObject({ changed: 0 });
  expect(await odds.refresh({ reload: true })).toMatchObject({ loaded: 3, rows: 96, requests: 0, changed: 96 });
});

test('an empty database is filled from the cache, without a request and without a key', async () => {
  await scheduleThreeDays(odds);
  await odds.serve((url) => snapshotFor(url));
  await odds.refresh();
  const before = await odds.rows('SELECT * FROM odds_history ORDER BY 1, 2, 3, 4, 5');
  await odds.client.query('TRUNCATE odds_history, odds_snapshots');
  expect(await odds.refresh({ key: undefined, fromCache: true })).toMatchObject({ days: 3, loaded: 3, requests: 0 });
  expect(await odds.rows('SELECT * FROM odds_history ORDER BY 1, 2, 3, 4, 5')).toEqual(before);
  expect(odds.asked()).toHaveLength(3);
});

test('with --from-cache it loads what is stored and requests nothing', async () => {
  await scheduleThreeDays(odds);
  await odds.serve((url) => snapshotFor(url));
  await odds.refresh({ maxCredits: 30 });
  await odds.client.query('TRUNCATE odds_history, odds_snapshots');
  expect(await odds.refresh({ fromCache: true })).toMatchObject({ days: 3, loaded: 1, requests: 0 });
  expect(odds.asked()).toHaveLength(1);
});

test('a day without odds is stored as such and not requested again the same day', async () => {
  await odds.schedule('2022_01_BUF_LA', '2022-09-08 20:20');
  const log: string[] = [];
  await odds.serve(() => ({ body: { timestamp: null, data: [] } }));
  expect(await odds.refresh({ log: (line) => log.push(line) })).toMatchObject({ loaded: 1, spent: 0, changed: 0 });
  expect(log.join()).toContain('no odds for 2022-09-08');
  expect(await odds.refresh()).toMatchObject({ requests: 0 });
  await odds.client.query(`UPDATE odds_snapshots SET fetched_at = now() - interval '25 hours'`);
  expect(await odds.refresh()).toMatchObject({ requests: 1 });
});

test('only the game days between two dates are requested, by their Eastern dates', async () => {
  await scheduleThreeDays(odds);
  await odds.serve((url) => snapshotFor(url));
  expect(await odds.refresh({ dates: parseOddsDates('2022-09-11') })).toMatchObject({ days: 1, loaded: 1 });
  expect(odds.asked()).toEqual(['2022-09-11T12:00:00Z']);
  expect(await odds.refresh({ dates: parseOddsDates('2022-09-09..2022-09-12') })).toMatchObject({
    days: 2,
    requests: 1,
  });
  expect(await odds.refresh({ dates: parseOddsDates('all') })).toMatchObject({ days: 3, requests: 1 });
});

test.each(['yesterday', '2022-02-30', '2022-09-11..', '2022-09-12..2022-09-11'])(
  'odds dates "%s" are refused',
  (text) => {
    expect(() => parseOddsDates(text)).toThrow(/odds dates/);
  },
);
