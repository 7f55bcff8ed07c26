import { appendFileSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EpochMs, TaskId } from '../../../../src/engine/model/ids.ts';
import type { OutputStream } from '../../../../src/engine/ports.ts';
import type { LineReader } from '../../../../src/engine/storage/logs/log-reader.ts';
import { type MergedLogOptions, openMergedLog } from '../../../../src/engine/storage/logs/merged/merged-log-reader.ts';
import type { OutputSource } from '../../../../src/engine/storage/logs/merged/output-piece.ts';
import { openOutputLog } from '../../../../src/engine/storage/logs/output-log.ts';
import { freshDirectory } from './fresh-directory.ts';

const noon = Date.UTC(2026, 0, 5, 12);
type Piece = readonly [atMs: number, task: string, text: string, stream?: OutputStream];

/** Attempts that have printed these pieces, and are over unless they are named. */
function printed(pieces: readonly Piece[], running: readonly string[] = []) {
  let now = noon;
  const directory = freshDirectory();
  const log = openOutputLog(
    directory,
    (warning) => expect.unreachable(warning.message),
    false,
    () => now as EpochMs,
  );
  const tasks = [...new Set(pieces.map(([, task]) => task))];
  const outputs = new Map(tasks.map((task) => [task, log.open(task as TaskId, 1)]));
  for (const [at, task, text, stream = 'stdout'] of pieces) {
    now = noon + at;
    outputs.get(task)!.write(stream, Buffer.from(text));
  }
  for (const output of outputs.values()) output.close();
  const sources: OutputSource[] = tasks.map((task) => {
    const startedAt = (noon + pieces.find(([, one]) => one === task)![0]) as EpochMs;
    const path = log.path(task as TaskId, 1);
    return { task: task as TaskId, attempt: 1, path, startedAt, isOver: !running.includes(task) };
  });
  return { sources, directory };
}

function open(sources: readonly OutputSource[], options: Partial<MergedLogOptions> = {}): LineReader {
  const reader = openMergedLog(() => sources, { until: () => Number.POSITIVE_INFINITY, ...options });
  onTestFinished(() => reader.close());
  return reader;
}

async function told(reader: LineReader, first = 0, count = 100_000): Promise<string[]> {
  await reader.last(1);
  return (await reader.lines(first, count)).map(({ text, task }) => `${task} ${text}`);
}

describe('the output of all tasks', () => {
  it('is in the order in which lines ended, each with its task, its time and its stream', async () => {
    const { sources } = printed([
      [0, 'games', 'games 1\nhalf '],
      [10, 'odds', 'odds 1\n', 'stderr'],
      [20, 'games', 'and whole\n'],
      [20, 'odds', 'odds 2\nno end'],
      [30, 'games', 'games 3\n'],
    ]);
    const reader = open(sources);
    expect(await told(reader)).toEqual([
      'games games 1',
      'odds odds 1',
      'games half and whole',
      'odds odds 2',
      'odds no end',
      'games games 3',
    ]);
    const [, second] = await reader.lines(0, 2);
    expect(second).toEqual({
      number: 1,
      text: 'odds 1',
      task: 'odds',
      attempt: 1,
      stamp: { at: noon + 10, stream: 'stderr' },
    });
    expect(await reader.last(2)).toMatchObject([{ number: 4 }, { number: 5 }]);
    expect(reader.size()).toMatchObject({ lines: 6, isCounted: true, first: 0 });
  });

  it('shows a task that still runs as far as its lines are complete, and goes on with it', async () => {
    const { sources } = printed([[0, 'games', 'one\ntwo']], ['games']);
    const reader = open(sources);
    const sizes: number[] = [];
    reader.subscribe(({ lines }) => void sizes.push(lines));
    await expect.poll(() => sizes.at(-1)).toBe(1);
    appendFileSync(sources[0]!.path, ' and its end\n');
    await expect.poll(() => sizes.at(-1)).toBe(2);
    expect(await told(reader)).toEqual(['games one', 'games two and its end']);
  });

  it('shows what came up to a moment, as a replay does', async () => {
    const { sources } = printed([
      [0, 'games', 'one\n'],
      [500, 'odds', 'two\n'],
      [900, 'games', 'three\n'],
    ]);
    let until = noon + 100;
    const reader = open(sources, { until: () => until });
    expect(await told(reader)).toEqual(['games one']);
    until = noon + 500;
    expect(await told(reader)).toEqual(['games one', 'odds two']);
  });

  it('puts logs without times where their attempts began', async () => {
    const directory = freshDirectory();
    const sources = ['b', 'a', 'c'].map((task, index): OutputSource => {
      const path = join(directory, task, '1.log');
      mkdirSync(dirname(path));
      writeFileSync(path, `${task} 1\n${task} 2\n`);
      return { task: task as TaskId, attempt: 1, path, startedAt: (noon + index) as EpochMs, isOver: true };
    });
    expect(await told(open(sources))).toEqual(['b b 1', 'b b 2', 'a a 1', 'a a 2', 'c c 1', 'c c 2']);
  });

  it('is the same for any pieces, as a whole and by windows, with its texts in memory or not', async () => {
    const piece = fc.tuple(fc.nat(40), fc.constantFrom('a', 'b', 'c'), fc.array(fc.nat(90), { maxLength: 12 }));
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 25 }), fc.nat(20), async (wanted, first) => {
        let at = 0;
        let count = 0;
        const pieces = wanted.map(([passed, task, lengths]): Piece => {
          at += passed;
          const lines = lengths.map((length, index) => `${count + index + 1} ${'x'.repeat(length)}\n`);
          count += lines.length;
          return [at, task, lines.join('')];
        });
        const { sources } = printed(pieces.filter(([, , text]) => text !== ''));
        // Within one millisecond, the order of tasks is not known.
        const all = await told(open(sources, { limits: { segments: 1000, characters: 50 } }));
        const byTask = (lines: readonly string[]) => lines.map((line) => Number(line.split(' ')[1]));
        expect(byTask(all).toSorted((one, other) => one - other)).toEqual(
          Array.from({ length: count }, (_, n) => n + 1),
        );
        expect(await told(open(sources), first, 5)).toEqual(all.slice(first, first + 5));
      }),
      { numRuns: 40 },
    );
  });

  it('holds a bounded number of lines, and says that earlier ones are left out', async () => {
    const pieces = Array.from({ length: 300 }, (_, index): Piece => [index, index % 2 === 0 ? 'a' : 'b', `${index}\n`]);
    const { sources } = printed(pieces);
    const reader = open(sources, { limits: { segments: 100, characters: 100 } });
    const last = await reader.last(3);
    expect(last.map(({ text }) => text)).toEqual(['297', '298', '299']);
    const first = reader.size().first!;
    expect(first).toBeGreaterThan(190);
    const [note, next] = await reader.lines(0, 2);
    expect(note).toMatchObject({ number: first, text: '… earlier output is left out here …' });
    expect(next).toMatchObject({ number: first + 1, text: String(first + 1) });
  });

  it('of very much begins with what was written last', async () => {
    const long = (name: string) => `${`${name} `.padEnd(1023, '.')}\n`.repeat(1024);
    const { sources } = printed([
      [0, 'early', long('early')],
      ...Array.from({ length: 12 }, (_, index): Piece => [1000 + index, 'late', long(`late ${index}`)]),
    ]);
    utimesSync(sources[0]!.path, noon / 1000, noon / 1000);
    const reader = open(sources, { newestBytes: 0x100000 });
    const lines = await told(reader);
    expect(lines[0]).toContain('earlier output is left out');
    expect(lines.some((line) => line.startsWith('early early'))).toBe(false);
    expect(lines.at(-1)).toMatch(/^late late 11/);
  });

  it('goes on when a log cannot be read, or vanishes while it is read', async () => {
    const { sources, directory } = printed([
      [0, 'a', 'one\n'],
      [10, 'b', 'two\n'],
    ]);
    rmSync(join(directory, 'a/1.log'));
    mkdirSync(join(directory, 'a/1.log'));
    const lines = await told(open(sources));
    expect(lines[0]).toContain('cannot be read on');
    expect(lines.at(-1)).toBe('b two');
    const reader = open(sources.slice(1), { limits: { segments: 10, characters: 0 } });
    expect(await told(reader)).toEqual(['b two']);
  });
});
