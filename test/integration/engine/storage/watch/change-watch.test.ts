import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type ChangeWatch,
  openChangeWatch,
  type WatchTimes,
} from '../../../../../src/engine/storage/watch/change-watch.ts';
import { lookAtFiles } from '../../../../../src/engine/storage/watch/look-at-files.ts';

let directory: string;
let opened: ChangeWatch[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'watch-'));
});
afterEach(() => {
  for (const watch of opened) watch.close();
  opened = [];
  rmSync(directory, { recursive: true, force: true });
});

const times: WatchTimes = { settleMs: 40, absenceMs: 1_500, pollMs: 60_000, blindPollMs: 60 };
const never = new AbortController().signal;

function path(name: string): string {
  return join(directory, name);
}

/** Begins to watch files, and waits until the first look is over. */
async function watchFiles(names: readonly string[], blind = false): Promise<ChangeWatch> {
  let looked = () => {};
  const first = new Promise<void>((resolve) => {
    looked = resolve;
  });
  const look = async () => {
    const found = await lookAtFiles(names.map(path));
    setTimeout(looked);
    return found;
  };
  const refuse = () => {
    throw new Error('ENOSPC');
  };
  const watch = blind ? openChangeWatch(look, times, refuse) : openChangeWatch(look, times);
  opened.push(watch);
  await first;
  return watch;
}

test.each([
  ['where the system tells of changes', false],
  ['where it cannot', true],
])('a file that is saved in place, made and deleted is told, %s', async (_, blind) => {
  writeFileSync(path('a'), '1');
  const watch = await watchFiles(['a', 'b'], blind);
  writeFileSync(path('a'), '2 and more');
  expect(await watch.next(never)).toEqual([{ path: path('a'), how: 'changed' }]);
  writeFileSync(path('b'), '');
  expect(await watch.next(never)).toEqual([{ path: path('b'), how: 'new' }]);
  rmSync(path('a'));
  expect(await watch.next(never)).toEqual([{ path: path('a'), how: 'gone' }]);
});

test('an editor that puts another file in its place has changed it, also when it is away for a moment', async () => {
  writeFileSync(path('a'), '1');
  const watch = await watchFiles(['a']);
  const next = watch.next(never);
  renameSync(path('a'), path('a~'));
  await new Promise((resolve) => setTimeout(resolve, 200));
  writeFileSync(path('.a.swp'), '2');
  renameSync(path('.a.swp'), path('a'));
  expect(await next).toEqual([{ path: path('a'), how: 'changed' }]);
});

test('several writes are one change, and what changed before the question is answered at once', async () => {
  const watch = await watchFiles(['a', 'b']);
  for (const text of ['1', '12', '123']) writeFileSync(path('a'), text);
  writeFileSync(path('b'), '');
  expect((await watch.next(never)).map(({ path: one }) => one).sort()).toEqual([path('a'), path('b')]);
});

test('a file in a directory that is made later is found', async () => {
  const watch = await watchFiles(['sub/a']);
  const next = watch.next(never);
  mkdirSync(path('sub'));
  writeFileSync(path('sub/a'), '');
  expect(await next).toEqual([{ path: path('sub/a'), how: 'new' }]);
});

test('nothing is told when it is no longer wanted', async () => {
  const watch = await watchFiles(['a']);
  const stopping = new AbortController();
  const next = watch.next(stopping.signal);
  stopping.abort();
  expect(await next).toEqual([]);
  expect(await watch.next(stopping.signal)).toEqual([]);
});
