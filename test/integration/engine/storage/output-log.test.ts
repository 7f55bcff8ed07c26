import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Diagnostic } from '../../../../src/engine/model/diagnostic.ts';
import type { TaskId } from '../../../../src/engine/model/ids.ts';
import { displayText } from '../../../../src/engine/model/text/display-text.ts';
import { ByteTail } from '../../../../src/engine/storage/logs/byte-tail.ts';
import { CappedLog } from '../../../../src/engine/storage/logs/capped-log.ts';
import { logFiles } from '../../../../src/engine/storage/logs/log-parts.ts';
import { openOutputLog } from '../../../../src/engine/storage/logs/output-log.ts';
import { freshDirectory, smallDisk } from './fresh-directory.ts';

const games = 'games' as TaskId;
const bytes = (text: string) => Buffer.from(text);

function openLog(directory = freshDirectory()) {
  const warnings: Diagnostic[] = [];
  const log = openOutputLog(directory, (warning) => warnings.push(warning));
  onTestFinished(() => log.close());
  return { log, directory, warnings };
}

describe('the output of an attempt', () => {
  it('is written to a file of its own, both streams in the order in which they came', () => {
    const { log, directory, warnings } = openLog();
    for (const attempt of [1, 2]) {
      const output = log.open(games, attempt);
      output.write('stdout', bytes(`a${attempt}\n`));
      output.write('stderr', bytes('b\n'));
      output.write('stdout', bytes('c'.repeat(9000)));
      output.write('stderr', bytes('d\n'));
      output.close();
    }
    const path = join(directory, 'games', '2.log');
    expect(log.path(games, 2)).toBe(path);
    expect(readFileSync(path, 'utf8')).toBe(`a2\nb\n${'c'.repeat(9000)}d\n`);
    expect(readFileSync(log.path(games, 1), 'utf8')).toContain('a1\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'games')).mode & 0o777).toBe(0o700);
    expect(warnings).toEqual([]);
  });

  it('is complete and in order, whatever chunks it comes in', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), { minLength: 1, maxLength: 30 }), (sizes) => {
        const { log } = openLog();
        const output = log.open(games, 1);
        const pieces = sizes.map((size, index) => Buffer.alloc(size, index));
        for (const piece of pieces) output.write('stdout', piece);
        output.close();
        expect(readFileSync(log.path(games, 1)).equals(Buffer.concat(pieces))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('can be followed in the file while the task runs', async () => {
    const { log } = openLog();
    log.open(games, 1).write('stdout', bytes('week 1\n'));
    await vi.waitFor(() => expect(readFileSync(log.path(games, 1), 'utf8')).toBe('week 1\n'), { timeout: 60_000 });
  });

  it('has no file when it is empty, and takes no memory', () => {
    const { log, directory } = openLog();
    log.open(games, 1).close();
    expect(readdirSync(directory)).toEqual([]);
    expect(log.tail(games, 1)).toEqual({ stdout: '', stderr: '', merged: '' });
    expect(log.tail(games, 2)).toEqual({ stdout: '', stderr: '', merged: '' });
  });

  it('is flushed when the log is closed, and ignored after that', () => {
    const { log } = openLog();
    const output = log.open(games, 1);
    output.write('stdout', bytes('last words'));
    log.close();
    output.write('stdout', bytes(' and more'));
    output.close();
    expect(readFileSync(log.path(games, 1), 'utf8')).toBe('last words');
    expect(log.tail(games, 1).merged).toBe('last words');
  });

  it.each(['../../escape', '..', '.', 'a/b', '/etc/passwd', 'nul\0', 'x'.repeat(300), 'ü'])(
    'of a task named %j stays below its directory',
    (name) => {
      const { log, directory } = openLog(join(freshDirectory()));
      const inner = join(directory, 'tasks');
      mkdirSync(inner);
      const { log: innerLog } = openLog(inner);
      const output = innerLog.open(name as TaskId, 1);
      output.write('stdout', bytes('x'));
      output.close();
      expect(relative(inner, innerLog.path(name as TaskId, 1))).toMatch(/^[^/.][^/]*\/1\.log$/);
      expect(readdirSync(directory)).toEqual(['tasks']);
      expect(innerLog.tail(name as TaskId, 1).stdout).toBe('x');
      log.close();
    },
  );

  it('is never written through a link or into an existing file; it is dropped with one warning, and the tail stays', () => {
    const { log, directory, warnings } = openLog();
    const target = join(freshDirectory(), 'target');
    mkdirSync(join(directory, 'games'));
    symlinkSync(target, log.path(games, 1));
    writeFileSync(log.path(games, 2), 'of before');
    symlinkSync(freshDirectory(), join(directory, 'plays'));
    for (const [task, attempt] of [
      ['games', 1],
      ['games', 2],
      ['plays', 1],
    ] as const) {
      const output = log.open(task as TaskId, attempt);
      for (let count = 0; count < 3; count += 1) output.write('stdout', bytes(`line ${count}\n`));
      output.close();
      expect(log.tail(task as TaskId, attempt).stdout).toBe('line 0\nline 1\nline 2\n');
    }
    expect(existsSync(target)).toBe(false);
    expect(readFileSync(log.path(games, 2), 'utf8')).toBe('of before');
    expect(existsSync(log.path('plays' as TaskId, 1))).toBe(false);
    expect(warnings.map(({ code, severity }) => `${code} ${severity}`)).toEqual(
      Array(3).fill('run/cannot-write warning'),
    );
  });

  it('is dropped with one warning when the disk is full, and the tail continues', ({ skip }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip('this user may not mount a disk');
    const { log, warnings } = openLog(disk);
    const output = log.open(games, 1);
    for (let count = 0; count < 40; count += 1) output.write('stdout', Buffer.alloc(10_000, 65 + (count % 26)));
    output.write('stderr', bytes('the end'));
    output.close();
    expect(warnings).toMatchObject([
      { code: 'run/cannot-write', severity: 'warning', message: expect.stringContaining('no space is left') },
    ]);
    expect(log.tail(games, 1).merged).toMatch(/^N{3993}the end$/);
    expect(statSync(log.path(games, 1)).size).toBeGreaterThan(20_000);
  });

  it('beyond 8 MiB continues in further files, of which the last 8 MiB stay', () => {
    const { log } = openLog();
    const output = log.open(games, 1);
    const line = (count: number) => bytes(`${count}`.padEnd(1023, '.').concat('\n'));
    const chunks = 40 * 16;
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      output.write('stdout', Buffer.concat(Array.from({ length: 64 }, (_, index) => line(chunk * 64 + index))));
    }
    output.close();
    const [head = '', ...tail] = logFiles(log.path(games, 1));
    const first = readFileSync(head);
    expect(first.length).toBe(8 * 0x100000);
    expect(first.subarray(0, 1024)).toEqual(line(0));
    expect(first.subarray(-1024)).toEqual(line(8191));
    const last = Buffer.concat(tail.map((path) => readFileSync(path)));
    expect(last.length).toBe(10 * 0x100000);
    expect(last.subarray(0, 1024)).toEqual(line(30 * 1024));
    expect(last.subarray(-1024)).toEqual(line(40 * 1024 - 1));
    expect(tail[0]).toMatch(/1\.log\.000031457280$/);
    const logs = readdirSync(join(head, '..')).filter((name) => name.startsWith('1.log'));
    expect(logs.toSorted()).toEqual([head, ...tail].map((path) => path.split('/').at(-1)));
    for (const path of tail) expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

describe('a capped log', () => {
  const cap = { headBytes: 50, tailFileBytes: 20, tailFiles: 3 };
  const create = () => {
    const path = join(freshDirectory(), '1.log');
    return { path, log: new CappedLog(path, cap) };
  };
  const partsOf = (path: string) =>
    logFiles(path).map((file) => ({ start: Number(file.slice(path.length + 1)), content: readFileSync(file) }));

  it('is the output, or its beginning and its end in complete lines, whatever chunks it came in', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        const { path, log } = create();
        const length = sizes.reduce((a, b) => a + b, 0);
        const all = Buffer.from(Array.from({ length }, (_, at) => (at % 7 === 6 ? 10 : 97 + (at % 23))));
        let at = 0;
        for (const size of sizes) {
          log.write(all.subarray(at, at + size));
          at += size;
        }
        log.close();
        const parts = partsOf(path);
        for (const [index, { start, content }] of parts.entries()) {
          expect(content).toEqual(all.subarray(start, start + content.length));
          if (index < parts.length - 1) expect(content.at(-1)).toBe(10);
          if (index > 1) expect(start).toBe(parts[index - 1]!.start + parts[index - 1]!.content.length);
        }
        const [head, ...tail] = parts;
        expect(head!.content.length).toBeLessThan(57);
        if (length > 56) expect(head!.content.length).toBeGreaterThanOrEqual(50);
        const stored = tail.reduce((sum, { content }) => sum + content.length, 0);
        expect(stored).toBeGreaterThanOrEqual(Math.min(length - head!.content.length, 40));
        expect(head!.content.length + stored).toBeLessThanOrEqual(Math.min(length, 56 + 3 * 26));
      }),
      { numRuns: 200 },
    );
  });

  it('splits a line that does not end', () => {
    const { path, log } = create();
    log.write(Buffer.alloc(200_000, 'x'));
    log.close();
    expect(partsOf(path).map(({ content }) => content.length)).toEqual([50 + 65_536, 20 + 65_536, 20 + 65_536, 3302]);
  });
});

describe('the tail of an output', () => {
  it('is the last 4,000 characters of each stream and of both together', () => {
    const { log } = openLog();
    const output = log.open(games, 1);
    for (let count = 0; count < 3000; count += 1) {
      output.write('stdout', bytes(`aus ${count}\n`));
      if (count % 3 === 0) output.write('stderr', bytes(`error ${count}\n`));
    }
    const check = () => {
      const { stdout, stderr, merged } = log.tail(games, 1);
      for (const text of [stdout, stderr, merged]) expect(text).toHaveLength(4000);
      expect(stdout).toMatch(/aus 2998\naus 2999\n$/);
      expect(stderr).toMatch(/error 2994\nerror 2997\n$/);
      expect(merged).toMatch(/aus 2997\nerror 2997\naus 2998\naus 2999\n$/);
    };
    check();
    output.close();
    check();
  });

  it('of old attempts is shortened, so that ten thousand tasks fit into memory', () => {
    const { log } = openLog();
    for (let attempt = 1; attempt <= 300; attempt += 1) {
      const output = log.open(games, attempt);
      output.write('stdout', bytes(`${attempt} ${'🏈'.repeat(2500)} ${attempt}`));
      output.write('stderr', bytes('e'));
      output.close();
    }
    expect(log.tail(games, 1).stdout).toMatch(/^🏈{499} 1$/u);
    expect(log.tail(games, 1).merged).toMatch(/^🏈{498} 1e$/u);
    expect(log.tail(games, 300).stdout).toMatch(/^🏈{1998} 300$/u);
  });

  it('is the end of the decoded output, whatever chunks it came in', () => {
    const text = fc.array(fc.oneof(fc.constantFrom('ü', '✓', '🏈', '\n', '\ufeff'), fc.string()), {
      minLength: 30,
      maxLength: 80,
    });
    fc.assert(
      fc.property(text, fc.infiniteStream(fc.integer({ min: 1, max: 40 })), (words, sizes) => {
        const all = bytes(words.join(''));
        const tail = new ByteTail(20);
        let at = 0;
        for (const size of sizes) {
          if (at >= all.length) break;
          tail.append(all.subarray(at, at + size));
          at += size;
          const seen = new TextDecoder('utf-8', { ignoreBOM: true }).decode(all.subarray(0, at), { stream: true });
          // The beginning of a character takes the place that it will need.
          expect(seen.endsWith(tail.text(true))).toBe(true);
          expect(tail.text(true).length).toBeGreaterThanOrEqual(Math.min(seen.length, 20) - 3);
        }
        expect(tail.text(false)).toBe(lastUnits(words.join(''), 20));
      }),
    );
  });

  it('begins behind an escape sequence that its beginning would have cut', () => {
    const { log } = openLog();
    const output = log.open(games, 1);
    let printed = '';
    const shown = (text: string) => displayText(text.replaceAll('\n', ' '));
    for (let line = 1; line <= 300; line += 1) {
      const text = `\x1b[38;5;196m${line}\x1b[0m\x1b]8;;https://example.org/${line}\x07link\x1b]8;;\x07\n`;
      output.write('stdout', bytes(text));
      printed += text;
      expect(shown(printed).endsWith(shown(log.tail(games, 1).stdout))).toBe(true);
    }
    output.close();
    expect(log.tail(games, 1).stdout.length).toBeGreaterThan(3_900);
    // As one of the old attempts, whose tails are shorter.
    for (let attempt = 2; attempt <= 300; attempt += 1) {
      const other = log.open(games, attempt);
      other.write('stdout', bytes('x'));
      other.close();
    }
    expect(log.tail(games, 1).stdout.length).toBeGreaterThan(900);
    expect(shown(printed).endsWith(shown(log.tail(games, 1).stdout))).toBe(true);
  });

  it('shows invalid UTF-8 as replacement characters, never more than fit', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), (chunks) => {
        const tail = new ByteTail(20);
        for (const chunk of chunks) tail.append(chunk);
        const text = tail.text(false);
        expect(text.length).toBeLessThanOrEqual(20);
        expect(Buffer.from(text).toString()).toBe(text);
      }),
    );
    const tail = new ByteTail(20);
    tail.append(Buffer.from([0x61, 0xff, 0x62]));
    expect(tail.text(false)).toBe('a\ufffdb');
  });
});

function lastUnits(text: string, count: number): string {
  return text.length <= count ? text : text.slice(-count).replace(/^[\uDC00-\uDFFF]/, '');
}
