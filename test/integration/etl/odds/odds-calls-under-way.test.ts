import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type OddsFixture, openOddsFixture, snapshotFor } from './odds-fixture.ts';
import { startTask } from './task-process.ts';

let odds: OddsFixture;
beforeAll(async () => {
  odds = await openOddsFixture();
});
afterAll(() => odds.close());
beforeEach(() => odds.reset());

async function scheduleDays(days: number): Promise<void> {
  for (let day = 1; day <= days; day++) {
    const two = String(day).padStart(2, '0');
    await odds.schedule(`2022_${two}_BUF_LA`, `2022-10-${two} 13:00`);
  }
}

/** A moment that a test brings about. */
function moment() {
  let come = () => {};
  const when = new Promise<void>((resolve) => {
    come = resolve;
  });
  return { when, come };
}

test.each([
  [undefined, 10],
  [3, 3],
  [1, 1],
])('with a limit of %s, calls are under way side by side but never more than %i', async (callsAtOnce, most) => {
  await scheduleDays(20);
  let underWay = 0;
  let answered = 0;
  const seen: { underWay: number; answered: number }[] = [];
  const enough = Math.min(most, 3);
  const together = moment();
  await odds.serve((url) => {
    seen.push({ underWay: ++underWay, answered });
    if (underWay >= enough) together.come();
    // So many may be under way by now, however long a slow machine takes from one to the next.
    const held = answered >= enough ? Promise.race([together.when, sleep(30_000)]) : undefined;
    const after = Promise.resolve(held).then(async () => {
      await sleep(150);
      underWay--;
      answered++;
    });
    return { ...snapshotFor(url), after };
  });
  const limit = callsAtOnce === undefined ? {} : { callsAtOnce };
  expect(await odds.refresh(limit)).toMatchObject({ loaded: 20, requests: 20, spent: 600 });
  expect(Math.max(...seen.map((one) => one.underWay))).toBeLessThanOrEqual(most);
  expect(Math.max(...seen.map((one) => one.underWay))).toBeGreaterThanOrEqual(enough);
  for (const one of seen) expect(one.underWay).toBeLessThanOrEqual(Math.max(1, one.answered));
});

test('a refusal for their frequency holds back all calls for as long as the server says', async () => {
  await scheduleDays(25);
  const arrivals: number[] = [];
  let refusedAt = 0;
  await odds.serve((url, nth) => {
    arrivals.push(performance.now());
    if (nth !== 12) return { ...snapshotFor(url), after: sleep(100) };
    refusedAt = performance.now();
    return { status: 429, headers: { 'retry-after': '2' } };
  });
  expect(await odds.refresh({ http: { attempts: 3, firstPauseMs: 5 } })).toMatchObject({ loaded: 25, spent: 750 });
  expect(odds.asked()).toHaveLength(26);
  expect(new Set(odds.asked()).size).toBe(25);
  // What was under way already could not be called back.
  const duringPause = arrivals.filter((at) => at > refusedAt && at < refusedAt + 1900);
  expect(duringPause.length).toBeLessThan(10);
});

test('calls under way together keep to the credit limit', async () => {
  await scheduleDays(20);
  await odds.serve((url) => ({ ...snapshotFor(url), after: sleep(20) }));
  expect(await odds.refresh({ maxCredits: 220 })).toMatchObject({ loaded: 7, requests: 7, spent: 210 });
  expect(odds.asked()).toHaveLength(7);
});

test('a limit that calls under way may or may not use up is judged when they are answered', async () => {
  await scheduleDays(12);
  await odds.serve(() => ({ body: { timestamp: null, data: [] }, after: sleep(10) }));
  expect(await odds.refresh({ maxCredits: 90 })).toMatchObject({ loaded: 12, requests: 12, spent: 0 });
});

test('after a failure no further call goes out, and the answers under way are stored', async () => {
  await scheduleDays(20);
  const refused = moment();
  await odds.serve((url, nth) => {
    if (nth <= 4) return snapshotFor(url);
    if (nth === 6) refused.come();
    if (nth === 6) return { status: 401, body: { message: 'no', error_code: 'DEACTIVATED_KEY' } };
    return { ...snapshotFor(url), after: refused.when.then(() => sleep(200)) };
  });
  await expect(odds.refresh()).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('DEACTIVATED') });
  const asked = odds.asked().length;
  expect(asked).toBeLessThan(16);
  expect(await odds.rows('SELECT count(*)::int AS n FROM odds_snapshots')).toEqual([{ n: asked - 1 }]);
});

test('told to stop with several calls under way, it waits for them, and none is paid again', async () => {
  await scheduleDays(12);
  const stop = new AbortController();
  const stopped = moment();
  await odds.serve((url, nth) => {
    if (nth <= 4) return snapshotFor(url);
    if (nth === 7) {
      stop.abort(new Error('told to stop'));
      stopped.come();
    }
    return { ...snapshotFor(url), after: stopped.when };
  });
  await expect(odds.refresh({ signal: stop.signal })).rejects.toThrow('told to stop');
  const paid = odds.asked();
  expect(paid.length).toBeGreaterThanOrEqual(7);
  expect(await odds.refresh()).toMatchObject({ loaded: 12, requests: 12 - paid.length });
  expect(new Set(odds.asked()).size).toBe(12);
});

test('killed with several calls under way, every answer that came is kept and not paid again', async () => {
  await scheduleDays(12);
  const directory = await mkdtemp(join(tmpdir(), 'etl-odds-many-'));
  const start = () =>
    startTask('odds-history', {
      cwd: directory,
      env: {
        DATABASE_URL: odds.databaseUrl,
        ODDS_API_BASE_URL: odds.serverUrl(),
        ODDS_API_KEY: 'a-good-key',
        ETL_PARAM_SEASONS: '2022',
      },
    });
  try {
    const never = new Promise<void>(() => {});
    await odds.serve((url, nth) => (nth <= 5 ? snapshotFor(url) : { ...snapshotFor(url), after: never }));
    const killed = start();
    const stored = async () => (await odds.rows('SELECT FROM odds_snapshots')).length;
    await odds.until(async () => odds.asked().length === 10 && (await stored()) === 5);
    killed.process.kill('SIGKILL');
    await killed.ended;
    const answered = odds.asked().slice(0, 5);
    await odds.serve((url) => snapshotFor(url));
    expect(await start().ended).toMatchObject({ code: 0 });
    expect(odds.asked()).toHaveLength(7);
    for (const one of answered) expect(odds.asked()).not.toContain(one);
    expect(await stored()).toBe(12);
    // The calls that were lost with the kill keep their price, those of both runs have one entry each.
    expect(await odds.rows('SELECT count(*)::int AS n, sum(cost)::int AS cost FROM odds_calls')).toEqual([
      { n: 17, cost: 510 },
    ]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
