import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openScreen, type TerminalScreen } from '../../../support/screen.ts';
import { buildFixture } from './build-fixture.ts';

let fixture: Awaited<ReturnType<typeof buildFixture>>;
let screen: TerminalScreen;
const lagFile = join(tmpdir(), `etl-tui-lag-${process.pid}`);

beforeAll(async () => {
  fixture = await buildFixture('fixture-app');
});

afterEach(async () => {
  await screen.close();
  rmSync(lagFile, { force: true });
});

afterAll(() => fixture.remove());

/** Frames fifty times a second at 200x50, which nobody reads: the way from the program to us is full within a second. */
async function stall(): Promise<number> {
  screen = openScreen(process.execPath, [fixture.program, 'lag', lagFile], { columns: 200, rows: 50 });
  await screen.waitFor(/row 50 of 50 count \d\d/);
  screen.stall();
  const before = report().ticks;
  await ticksReach(before + 150);
  return count(screen);
}

function report(): { readonly ticks: number; readonly latestMs: number } {
  try {
    return JSON.parse(readFileSync(lagFile, 'utf8')) as { ticks: number; latestMs: number };
  } catch {
    // It is being written at this moment.
    return { ticks: 0, latestMs: 0 };
  }
}

async function ticksReach(ticks: number): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (report().ticks < ticks) {
    if (Date.now() > deadline) throw new Error(`the timer stands still at ${report().ticks} ticks`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function count(shown: TerminalScreen): number {
  return Number(/row 50 of 50 count (\d+)/.exec(shown.text())?.[1]);
}

test('a terminal that reads nothing blocks no timer, and shows the newest frame when it reads again', async () => {
  const stalledAt = await stall();
  screen.unstall();
  await screen.waitFor((shown) => count(shown) > stalledAt + 100);
  // The frames between are gone: what was on its way, and then the newest.
  const shown = new Set([...screen.sent.matchAll(/row 50 of 50 count (\d+)/g)].map(([, number]) => Number(number)));
  expect([...shown].filter((number) => number > stalledAt && number < stalledAt + 100).length).toBeLessThan(60);
});

test('quitting is not blocked by a terminal that reads nothing', async () => {
  await stall();
  screen.press('e');
  const deadline = Date.now() + 60_000;
  while (screen.exitCode === undefined && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(screen.exitCode).toBe(3);
});

test('a terminal that reads again after the program has quit is restored', async () => {
  await stall();
  screen.press('q');
  await ticksReach(report().ticks + 30);
  screen.unstall();
  await screen.waitFor('after the screen');
  expect(screen.buffer).toBe('normal');
  expect(screen.cursorIsVisible).toBe(true);
});
