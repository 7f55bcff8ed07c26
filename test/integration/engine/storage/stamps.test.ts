import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EpochMs, TaskId } from '../../../../src/engine/model/ids.ts';
import type { OutputStream } from '../../../../src/engine/ports.ts';
import { CappedLog } from '../../../../src/engine/storage/logs/capped-log.ts';
import { logFiles } from '../../../../src/engine/storage/logs/log-parts.ts';
import { openLogReader } from '../../../../src/engine/storage/logs/log-reader.ts';
import { openOutputLog } from '../../../../src/engine/storage/logs/output-log.ts';
import { stampFilePath } from '../../../../src/engine/storage/logs/stamps/output-stamp.ts';
import { StampLog } from '../../../../src/engine/storage/logs/stamps/stamp-log.ts';
import { freshDirectory } from './fresh-directory.ts';

const games = 'games' as TaskId;
const noon = Date.UTC(2026, 0, 5, 12);

type Piece = readonly [atMs: number, stream: OutputStream, text: string];

/** What the reader tells of an output that came in these pieces. */
async function readBack(pieces: readonly Piece[]) {
  let now = noon;
  const log = openOutputLog(
    freshDirectory(),
    () => {},
    false,
    () => now as EpochMs,
  );
  const output = log.open(games, 1);
  for (const [at, stream, text] of pieces) {
    now = noon + at;
    output.write(stream, Buffer.from(text));
  }
  output.close();
  const path = log.path(games, 1);
  const reader = openLogReader(path);
  onTestFinished(() => reader.close());
  const lines = await reader.lines(0, 100_000);
  return { path, lines, told: lines.map(({ text, stamp }) => [stamp && stamp.at - noon, stamp?.stream, text]) };
}

describe('the stamps of an output', () => {
  it('tell of each line when it ended and on which stream', async () => {
    const { told } = await readBack([
      [0, 'stdout', 'reading\n'],
      [0, 'stdout', 'more\n'],
      [0, 'stderr', 'oops\n'],
      [1500, 'stdout', 'half a '],
      [61_000, 'stdout', 'line\nno end'],
    ]);
    expect(told).toEqual([
      [0, 'stdout', 'reading'],
      [0, 'stdout', 'more'],
      [0, 'stderr', 'oops'],
      [61_000, 'stdout', 'half a line'],
      [61_000, 'stdout', 'no end'],
    ]);
  });

  it('leave the log byte for byte as it was, and are in a file of this user alone that `cat 1.log*` does not print', async () => {
    const { path } = await readBack([
      [0, 'stdout', 'one\n'],
      [5, 'stderr', 'two\n'],
    ]);
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
    expect(readdirSync(dirname(path)).sort()).toEqual(['1.log', '1.times']);
    expect(statSync(stampFilePath(path)).mode & 0o777).toBe(0o600);
  });

  it('go on with the clock of the machine set back', async () => {
    const { told } = await readBack([
      [1000, 'stdout', 'a\n'],
      [400, 'stdout', 'b\n'],
      [1200, 'stdout', 'c\n'],
    ]);
    expect(told.map(([at]) => at)).toEqual([1000, 1000, 1200]);
  });

  it('are right for every line, whatever the pieces, as long as there are not too many', async () => {
    const piece = fc.tuple(fc.nat(400), fc.constantFrom<OutputStream>('stdout', 'stderr'), fc.nat(30_000));
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 20 }), async (wanted) => {
        let at = 0;
        const pieces = wanted.map(([passed, stream, length], index): Piece => {
          at += passed;
          return [at, stream, `${index}:`.padEnd(length, 'x').concat('\n')];
        });
        const { told } = await readBack(pieces);
        expect(told).toEqual(pieces.map(([ms, stream, text]) => [ms, stream, text.slice(0, -1)]));
      }),
      { numRuns: 25 },
    );
  });

  it('take little room beside any output, and are never more than a second off', async () => {
    const pieces = Array.from({ length: 20_000 }, (_, index): Piece => {
      return [index * 7, index % 2 === 0 ? 'stdout' : 'stderr', index % 5 === 4 ? '.\n' : '.'];
    });
    const { path, lines } = await readBack(pieces);
    const log = statSync(path).size;
    const seconds = (20_000 * 7) / 1000;
    expect(statSync(stampFilePath(path)).size).toBeLessThan(4096 + log / 8 + 8 * seconds + 64);
    for (const [index, { stamp }] of lines.entries()) {
      const ended = noon + (index * 5 + 4) * 7;
      expect(stamp!.at).toBeLessThanOrEqual(ended);
      expect(stamp!.at).toBeGreaterThan(ended - 1010);
    }
    expect(lines.slice(-100).some(({ stamp }) => stamp!.stream === 'both')).toBe(true);
  });

  it('are kept for each file of a long log, and deleted with it', async () => {
    const head = join(freshDirectory(), '1.log');
    const stamps = new StampLog(head);
    const file = new CappedLog(head, { headBytes: 400, tailFileBytes: 200, tailFiles: 3 }, stamps);
    for (let index = 0; index < 200; index += 1) {
      const line = Buffer.from(`line ${index}`.padEnd(19, '.').concat('\n'));
      stamps.add(index % 3 === 0 ? 'stderr' : 'stdout', line.length, (noon + index * 10) as EpochMs);
      stamps.flush();
      file.write(line);
    }
    stamps.close();
    file.close();
    const reader = openLogReader(head);
    onTestFinished(() => reader.close());
    for (const { text, stamp } of await reader.lines(0, 1000)) {
      const index = Number(/\d+/.exec(text)?.[0]);
      if (text.startsWith('…')) expect(stamp).toBeUndefined();
      else expect(stamp).toEqual({ at: noon + index * 10, stream: index % 3 === 0 ? 'stderr' : 'stdout' });
    }
    const files = logFiles(head);
    expect(files).toHaveLength(4);
    expect(readdirSync(dirname(head)).filter((name) => name.includes('times'))).toHaveLength(4);
    expect(files.every((path) => existsSync(stampFilePath(path)))).toBe(true);
  });

  it('are missing for a log of before, and what is no stamp is not believed', async () => {
    for (const stamps of [undefined, Buffer.alloc(500, 0xff), Buffer.from('no stamps at all')]) {
      const path = join(freshDirectory(), '1.log');
      writeFileSync(path, 'one\ntwo\n');
      if (stamps !== undefined) writeFileSync(stampFilePath(path), stamps);
      const reader = openLogReader(path);
      onTestFinished(() => reader.close());
      const lines = await reader.lines(0, 10);
      expect(lines.map(({ text }) => text)).toEqual(['one', 'two']);
    }
  });

  it('that cannot be written leave the log alone', async () => {
    const directory = freshDirectory();
    const log = openOutputLog(directory, (warning) => expect.unreachable(warning.message));
    const output = log.open(games, 1);
    const path = log.path(games, 1);
    output.write('stdout', Buffer.from('one\n'));
    log.open(games, 2).close();
    output.close();
    writeFileSync(stampFilePath(log.path(games, 2)), 'of before');
    const second = log.open(games, 2);
    second.write('stdout', Buffer.from('two\n'));
    second.close();
    expect(readFileSync(log.path(games, 2), 'utf8')).toBe('two\n');
    expect(readFileSync(stampFilePath(log.path(games, 2)), 'utf8')).toBe('of before');
    expect(existsSync(stampFilePath(path))).toBe(true);
  });
});
