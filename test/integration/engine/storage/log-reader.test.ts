import { appendFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CappedLog } from '../../../../src/engine/storage/logs/capped-log.ts';
import { logCap, logFiles } from '../../../../src/engine/storage/logs/log-parts.ts';
import { type LogReader, openLogReader } from '../../../../src/engine/storage/logs/log-reader.ts';
import { freshDirectory } from './fresh-directory.ts';
import { buildProgram, startProgram } from './start-program.ts';

const cap = { headBytes: 400, tailFileBytes: 200, tailFiles: 5 };

function openAt(path: string) {
  const reader = openLogReader(path);
  onTestFinished(() => reader.close());
  return reader;
}

function logOf(text: string | Buffer) {
  const path = join(freshDirectory(), '1.log');
  writeFileSync(path, text);
  return { path, reader: openAt(path) };
}

async function textsOf(reader: LogReader, first = 0, count = 100_000): Promise<string[]> {
  return (await reader.lines(first, count)).map(({ text }) => text);
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `line ${from + at}`.padEnd(19, '.'));
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

describe('a log', () => {
  it('is read by window, with line numbers', async () => {
    const { reader } = logOf('one\ntwo\r\n\nfour\nand no end');
    expect(await reader.lines(1, 3)).toEqual([
      { number: 1, text: 'two' },
      { number: 2, text: '' },
      { number: 3, text: 'four' },
    ]);
    expect(await reader.last(2)).toEqual([
      { number: 3, text: 'four' },
      { number: 4, text: 'and no end' },
    ]);
    expect(await reader.lines(5, 10)).toEqual([]);
    expect(reader.size()).toEqual({ lines: 5, bytes: 25, isCounted: true });
  });

  it('that does not exist yet is empty, and is read when it appears', async () => {
    const path = join(freshDirectory(), 'games/1.log');
    const reader = openAt(path);
    expect(await reader.last(10)).toEqual([]);
    expect(await reader.chunk(0)).toBeUndefined();
    expect(reader.size()).toEqual({ lines: 0, bytes: 0, isCounted: true });
    const late = openAt(join(path, '..', '..', '2.log'));
    expect(await late.lines(0, 1)).toEqual([]);
    writeFileSync(join(path, '..', '..', '2.log'), 'here\n');
    expect(await textsOf(late)).toEqual(['here']);
  });

  it('that grows notifies its listeners, and keeps the numbers of its lines', async () => {
    const { path, reader } = logOf('one\nbegun');
    const sizes: number[] = [];
    const stop = reader.subscribe(({ lines }) => void sizes.push(lines));
    await expect.poll(() => sizes.at(-1)).toBe(2);
    appendFileSync(path, ' and ended\nthree\n');
    await expect.poll(() => sizes.at(-1)).toBe(3);
    stop();
    // On a slow machine it tells how far it has counted.
    expect(sizes).toEqual(sizes.toSorted());
    expect(await reader.lines(1, 9)).toEqual([
      { number: 1, text: 'begun and ended' },
      { number: 2, text: 'three' },
    ]);
  });

  it('that was truncated, deleted or replaced is read from the start', async () => {
    const { path, reader } = logOf(textOf(numbered(0, 50)));
    expect((await reader.last(1))[0]?.number).toBe(49);
    truncateSync(path, 40);
    expect(await textsOf(reader)).toEqual(numbered(0, 2));
    rmSync(path);
    expect(await textsOf(reader)).toEqual([]);
    writeFileSync(path, 'another file, and a longer one than that of before\n');
    expect(await textsOf(reader)).toEqual(['another file, and a longer one than that of before']);
  });

  it('shows lines of more than 64 KiB in pieces, and cuts no character', async () => {
    const long = 'ü🏈✓'.repeat(20_000);
    const { reader } = logOf(`before\n${long}\nafter\n`);
    const lines = await textsOf(reader);
    expect(lines.length).toBe(5);
    expect(lines.slice(1, -1).join('')).toBe(long);
    expect(lines.at(-1)).toBe('after');
    expect(await reader.find('after', 0, 'forward')).toBe(4);
  });

  it('is the same for any lines and any position of multi-byte characters', async () => {
    const piece = fc.oneof(
      fc.constantFrom('', 'ü', '🏈', 'a\rb'),
      fc.string({ unit: 'binary', maxLength: 20 }).map((text) => Buffer.from(text.replace(/[\r\n]/g, ' ')).toString()),
      fc.integer({ min: 60_000, max: 65_000 }).map((length) => '✓'.repeat(length / 3)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), fc.nat(40), async (lines, from) => {
        const { reader } = logOf(textOf(lines));
        expect(await textsOf(reader, from)).toEqual(lines.slice(from));
        expect((await reader.last(3)).map(({ text }) => text)).toEqual(lines.slice(-3));
        await reader.close();
      }),
      { numRuns: 20 },
    );
  });

  it('shows invalid UTF-8 as replacement characters', async () => {
    const { reader } = logOf(Buffer.from([0x61, 0xff, 0x62, 0x0a, 0xf0, 0x9f]));
    expect(await textsOf(reader)).toEqual(['a\ufffdb', '\ufffd']);
  });

  it('is searched in both directions', async () => {
    const lines = Array.from({ length: 30_000 }, (_, at) => (at % 10_000 === 5 ? `Error ${at}` : `fine ${at}`));
    const { reader } = logOf(textOf(lines));
    expect(await reader.find('Error', 0, 'forward')).toBe(5);
    expect(await reader.find('Error', 5, 'forward')).toBe(5);
    expect(await reader.find(/error/i, 6, 'forward')).toBe(10_005);
    expect(await reader.find('Error', 20_006, 'forward')).toBeUndefined();
    expect(await reader.find('Error', 1e9, 'backward')).toBe(20_005);
    expect(await reader.find(/error/gi, 20_004, 'backward')).toBe(10_005);
    expect(await reader.find('Error', 4, 'backward')).toBeUndefined();
  });
});

describe('a log beyond its cap', () => {
  const create = () => {
    const path = join(freshDirectory(), '1.log');
    return { path, file: new CappedLog(path, cap) };
  };
  const write = (file: CappedLog, from: number, to: number) => file.write(Buffer.from(textOf(numbered(from, to))));

  it('is shown from beginning to end, with one line for the dropped bytes, also while it is written', async () => {
    const { path, file } = create();
    write(file, 0, 500);
    const reader = openAt(path);
    const lines = await textsOf(reader);
    expect(lines.slice(0, 20)).toEqual(numbered(0, 20));
    expect(lines[20]).toMatch(/^… \d+ bytes dropped …$/);
    expect(lines.slice(-30)).toEqual(numbered(470, 500));
    file.close();
    const closed = openAt(path);
    const all = await textsOf(closed);
    expect(all[20]).toBe(`… ${500 * 20 - 1400} bytes dropped …`);
    expect(all.slice(21)).toEqual(numbered(450, 500));
    expect(await closed.find('line 3.', 60, 'backward')).toBe(3);
    expect(await closed.find('line 499', 0, 'forward')).toBe(70);
  });

  it('keeps the numbers of its lines while it grows and its oldest files are deleted', async () => {
    const { path, file } = create();
    const reader = openAt(path);
    write(file, 0, 40);
    expect(await reader.lines(30, 1)).toEqual([{ number: 30, text: numbered(30, 31)[0] }]);
    write(file, 40, 75);
    const seen = await reader.last(20);
    expect(seen).toEqual(numbered(55, 75).map((text, at) => ({ number: 55 + at, text })));
    for (let at = 75; at < 300; at += 5) {
      write(file, at, at + 5);
      const [last] = await reader.last(1);
      expect(last).toEqual({ number: at + 4, text: numbered(at + 4, at + 5)[0] });
    }
    file.close();
    expect((await reader.last(1))[0]).toEqual({ number: 299, text: numbered(299, 300)[0] });
    expect(await reader.lines(100, 2)).toEqual([
      { number: 20, text: expect.stringMatching(/bytes dropped/) },
      { number: expect.any(Number), text: expect.stringMatching(/^line 25\d/) },
    ]);
  });

  it('whose writer was killed is complete and in order', async () => {
    const { path, file } = create();
    write(file, 0, 777);
    const texts = await textsOf(openAt(path));
    expect(texts.slice(21)).toEqual(numbered(777 - (texts.length - 21), 777));
    expect(texts.length).toBeGreaterThan(50);
    file.close();
  });

  it('is correct for any sequence of writes and reads', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 12 }), async (steps) => {
        const { path, file } = create();
        const reader = openAt(path);
        let written = 0;
        for (const step of steps) {
          write(file, written, written + step);
          written += step;
          const texts = await textsOf(reader);
          const gap = texts.findIndex((text) => text.includes('bytes dropped'));
          if (written * 20 <= 400 + 5 * 200) expect(texts).toEqual(numbered(0, written));
          else {
            expect(texts.slice(0, gap)).toEqual(numbered(0, gap));
            const rest = texts.slice(gap + 1);
            expect(rest).toEqual(numbered(written - rest.length, written));
            expect(rest.length).toBeGreaterThanOrEqual(40);
          }
        }
        await reader.close();
        file.close();
      }),
      { numRuns: 30 },
    );
  });

  it('shows complete lines in order while another process writes as fast as it can', async () => {
    const path = join(freshDirectory(), '1.log');
    const large = { headBytes: 2000, tailFileBytes: 1_000_000, tailFiles: 5 };
    const program = buildProgram('print-forever');
    const writer = startProgram(program, [path, ...Object.values(large).map(String)]);
    await writer.line();
    const reader = openAt(path);
    await expect.poll(async () => (await reader.lines(100, 1))[0]?.text.includes('bytes dropped')).toBe(true);
    let newest = 0;
    for (let look = 0; look < 15; look += 1) {
      // The line that stands for what was dropped, and what follows it.
      const [gap, ...texts] = await textsOf(reader, 100, 3000);
      expect(gap).toContain('bytes dropped');
      const numbers = texts.map((text) => Number(/^line (\d+)\.+$/.exec(text)?.[1]));
      // What was written over while it was read is left out, never mixed up.
      for (const [at, number] of numbers.entries()) expect(number).toBeGreaterThan(numbers[at - 1] ?? 0);
      newest = Math.max(newest, numbers.at(-1) ?? 0);
    }
    expect(newest).toBeGreaterThan(20_000);
    await writer.kill();
    const texts = (await reader.last(1001)).map(({ text }) => text);
    // The kill may have come in the middle of its last line.
    const whole = texts.at(-1)!.length < 19 ? texts.slice(0, -1) : texts.slice(1);
    const last = Number(/\d+/.exec(whole.at(-1)!)?.[0]);
    expect(whole).toEqual(numbered(last - 999, last + 1));
  });

  it('is copied as bytes from beginning to end', async () => {
    const { path, file } = create();
    write(file, 0, 500);
    file.close();
    const reader = openAt(path);
    const head = await reader.chunk(0);
    expect(Buffer.from(head?.bytes ?? []).toString()).toBe(textOf(numbered(0, 20)));
    const tail = await reader.chunk(400);
    expect(tail?.offset).toBe(500 * 20 - 1000);
    expect(Buffer.from(tail?.bytes ?? []).toString()).toBe(textOf(numbered(450, 460)));
    expect(await reader.chunk(500 * 20)).toBeUndefined();
  });

  it('of a gigabyte takes little memory and disk, and is read without blocking the event loop', async () => {
    const path = join(freshDirectory(), '1.log');
    const memory = process.memoryUsage().rss;
    const file = new CappedLog(path, logCap);
    const chunk = Buffer.from(textOf(numbered(0, 50_000)));
    for (let written = 0; written < 0x40000000; written += chunk.length) file.write(chunk);
    file.close();
    expect(logFiles(path).reduce((sum, one) => sum + statSync(one).size, 0)).toBeLessThan(19 * 0x100000);
    const reader = openAt(path);
    // How much of the processor we use between two turns of a timer: how late these are depends on other programs as well.
    const used: number[] = [];
    let before = process.cpuUsage();
    const clock = setInterval(() => {
      const { user, system } = process.cpuUsage(before);
      used.push((user + system) / 1000);
      before = process.cpuUsage();
    }, 5);
    expect((await reader.last(1))[0]?.text).toBe(numbered(49_999, 50_000)[0]);
    expect(await reader.find('never printed', 0, 'forward')).toBeUndefined();
    clearInterval(clock);
    expect(used.length).toBeGreaterThan(2);
    expect(used.sort((a, b) => a - b)[Math.floor(used.length / 2)]).toBeLessThan(10);
    expect(process.memoryUsage().rss - memory).toBeLessThan(150 * 0x100000);
  });

  it('shows a printed line that looks like the one for dropped bytes unchanged', async () => {
    const { path, file } = create();
    write(file, 0, 20);
    file.write(Buffer.from('… 500 bytes so far, going round: what follows is out of order …\n… 7 bytes dropped …\n'));
    write(file, 20, 22);
    const texts = await textsOf(openAt(path));
    expect(texts.slice(20)).toEqual([
      '… 500 bytes so far, going round: what follows is out of order …',
      '… 7 bytes dropped …',
      ...numbered(20, 22),
    ]);
  });
});
