import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EpochMs, TaskId } from '../../../../src/engine/model/ids.ts';
import type { RunEvent } from '../../../../src/engine/model/run/run-event.ts';
import type { Journal } from '../../../../src/engine/ports.ts';
import { continueJournal } from '../../../../src/engine/storage/journal/continue-journal.ts';
import { FileJournal, openJournal } from '../../../../src/engine/storage/journal/journal.ts';
import { encodeRecord } from '../../../../src/engine/storage/journal/journal-record.ts';
import { type JournalContents, readJournal } from '../../../../src/engine/storage/journal/read-journal.ts';
import { eventNumber, eventsUpTo } from './events.ts';
import { freshDirectory, smallDisk } from './fresh-directory.ts';
import { buildProgram, startProgram } from './start-program.ts';

function open(path: string): Journal {
  const opened = openJournal(path);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

function read(path: string): JournalContents {
  const reading = readJournal(path);
  if (!reading.ok) throw new Error(reading.error.message);
  return reading.value;
}

async function journalOf(events: readonly RunEvent[]): Promise<string> {
  const path = join(freshDirectory(), 'journal.jsonl');
  const journal = open(path);
  await journal.append(events);
  await journal.close();
  return path;
}

describe('a journal', () => {
  it('returns the appended events in order', async () => {
    const path = join(freshDirectory(), 'journal.jsonl');
    const journal = open(path);
    const events = eventsUpTo(1000);
    await Promise.all(events.map((event) => journal.append([event])));
    await journal.append([]);
    await journal.close();
    expect(read(path)).toEqual({
      events,
      sound: { records: 1001, bytes: statSync(path).size },
      end: { kind: 'whole' },
    });
  });

  it('is readable by its user only, and is never written into an existing file or through a link', async () => {
    const path = await journalOf([]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(openJournal(path)).toMatchObject({ error: { code: 'run/cannot-write' } });
    const target = join(freshDirectory(), 'target');
    const link = join(freshDirectory(), 'journal.jsonl');
    symlinkSync(target, link);
    expect(openJournal(link).ok).toBe(false);
    expect(existsSync(target)).toBe(false);
  });

  it('is one JSON object per line, the event with a number first and a checksum last', async () => {
    const event: RunEvent = { type: 'task.spawned', task: 'games' as TaskId, attempt: 1, pid: 7, at: 5 as EpochMs };
    const [header, line] = readFileSync(await journalOf([event]), 'utf8').split('\n');
    expect(JSON.parse(header ?? '')).toMatchObject({ seq: 0, type: 'journal', version: 1, minor: 3 });
    expect(line).toMatch(/^\{"seq":1,"type":"task.spawned",.*,"crc":"[0-9a-f]{8}"\}$/);
    expect(JSON.parse(line ?? '')).toMatchObject(event);
  });

  it('truncates long texts, and keeps every record below 4 kB', async () => {
    const rows = Array.from({ length: 900 }, (_, index) => `row ${index} ${'x'.repeat(150)}`);
    const task = 't'.repeat(100) as TaskId;
    const path = await journalOf([
      { type: 'task.progressed', task, attempt: 1, report: { message: '🏈'.repeat(3000), rows: 7 }, at: 1 as EpochMs },
      {
        type: 'check.finished',
        result: {
          check: 'c',
          verdict: 'fail',
          summary: 's'.repeat(5000),
          measured: { rows, count: 900 },
          durationMs: 3,
        },
        at: 2 as EpochMs,
      },
    ]);
    for (const line of readFileSync(path, 'utf8').split('\n')) expect(Buffer.byteLength(line)).toBeLessThan(4096);
    expect(read(path).events).toMatchObject([
      { task, report: { message: expect.stringMatching(/^🏈{300,}…$/u), rows: 7 } },
      { result: { summary: expect.stringMatching(/^s+…$/), measured: { rows: expect.any(Array), count: 900 } } },
    ]);
  });

  it('has every event whose append resolved, when its process is killed', async () => {
    const file = buildProgram('append-forever');
    const path = join(freshDirectory(), 'journal.jsonl');
    const writer = startProgram(file, [path]);
    let told = 0;
    while (told < 60) told = Number(await writer.line());
    await writer.kill();
    for (let line = await writer.line(); line !== undefined; line = await writer.line()) told = Number(line);
    const { events } = read(path);
    expect(events.length).toBeGreaterThanOrEqual(told);
    expect(events).toEqual(eventsUpTo(events.length));
  });

  it('is synced to the disk before an append resolves, and many appends share one sync', async () => {
    const directory = freshDirectory();
    const program = join(directory, 'traced.mjs');
    writeFileSync(
      program,
      `import { openJournal } from ${JSON.stringify(buildProgram('journal-module'))};
       const { value } = openJournal(${JSON.stringify(join(directory, 'journal.jsonl'))});
       const append = (pid) => value.append([{ type: 'task.spawned', task: 'games', attempt: 1, pid, at: pid }]);
       for (let count = 0; count < 5; count += 1) await append(count);
       await Promise.all(Array.from({ length: 500 }, (_, count) => append(count)));`,
    );
    const trace = join(directory, 'trace.json');
    const argv = ['--trace-event-categories', 'node.fs.async', '--trace-event-file-pattern', trace, program];
    execFileSync(process.execPath, argv);
    const { traceEvents } = JSON.parse(readFileSync(trace, 'utf8')) as { traceEvents: { name: string; ph: string }[] };
    expect(traceEvents.filter(({ name, ph }) => name === 'fdatasync' && ph === 'b')).toHaveLength(6);
    expect(read(join(directory, 'journal.jsonl')).events).toHaveLength(505);
  });

  it('has recorded events in the file at once and in order, and syncs them with the next append', async () => {
    const path = join(freshDirectory(), 'journal.jsonl');
    const fd = openSync(path, 'wx+');
    let syncs = 0;
    let isDurable = () => {};
    const sync = () =>
      new Promise<void>((resolve) => {
        syncs += 1;
        isDurable = resolve;
      });
    const journal = new FileJournal(path, fd, { records: 0, bytes: 0 }, { sync });
    const linesIn = () => readFileSync(path, 'utf8').split('\n').length - 1;
    const [first, second, third, ...more] = eventsUpTo(5) as [RunEvent, RunEvent, RunEvent, ...RunEvent[]];
    journal.record([first]);
    expect([linesIn(), syncs]).toEqual([1, 0]);
    const appended = journal.append([second]);
    await expect.poll(() => syncs).toBe(1);
    journal.record([third]);
    expect(linesIn()).toBe(2);
    isDurable();
    await appended;
    await expect.poll(linesIn).toBe(3);
    journal.record(more);
    await journal.close();
    const text = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(text.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual([0, 1, 2, 3, 4]);
    expect(syncs).toBe(1);
  });

  it('refuses events after it was closed', async () => {
    const path = join(freshDirectory(), 'journal.jsonl');
    const journal = open(path);
    const last = journal.append([eventNumber(0)]);
    await Promise.all([journal.close(), journal.close()]);
    await last;
    await expect(journal.append([eventNumber(1)])).rejects.toThrow('is closed');
    expect(read(path).events).toHaveLength(1);
  });

  it('reports a full disk for good, and holds exactly the events whose append resolved', async ({ skip }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip('this user may not mount a disk');
    const path = join(disk, 'journal.jsonl');
    const journal = open(path);
    writeFileSync(join(disk, 'filler'), Buffer.alloc(32 * 1024));
    let told = 0;
    const fill = async () => {
      for (;;) {
        await journal.append([eventNumber(told)]);
        told += 1;
      }
    };
    await expect(fill()).rejects.toThrow(`Cannot write "${path}": no space is left (free some space`);
    rmSync(join(disk, 'filler'));
    await expect(journal.append([eventNumber(told)])).rejects.toThrow('no space is left');
    await journal.close();
    const reading = read(path);
    expect(told).toBeGreaterThan(50);
    expect(reading).toMatchObject({ events: eventsUpTo(told), end: { kind: 'whole' } });

    const resumed = continueJournal(path, reading);
    if (!resumed.ok) throw new Error(resumed.error.message);
    await resumed.value.append([eventNumber(told)]);
    await resumed.value.close();
    expect(read(path).events).toEqual(eventsUpTo(told + 1));
  });

  it('rejects every append with the reason when it cannot be written', async () => {
    const limited = [
      `import { openJournal } from ${JSON.stringify(buildProgram('journal-module'))};`,
      `const { value } = openJournal(${JSON.stringify(join(freshDirectory(), 'journal.jsonl'))});`,
      "process.on('SIGXFSZ', () => {});",
      'const said = await Promise.allSettled([1, 2].map((pid) => value.append(Array(90).fill({ type: "task.spawned", pid }))));',
      'const again = await value.append([]).catch((error) => error);',
      'console.log(said.map(({ reason }) => reason === again && again.cause.code).join());',
    ].join('\n');
    const program = join(freshDirectory(), 'limited.mjs');
    writeFileSync(program, limited);
    const argv = ['--fsize=4096', process.execPath, program];
    expect(execFileSync('prlimit', argv, { encoding: 'utf8' })).toBe('EFBIG,EFBIG\n');
  });
});

describe('reading a journal', () => {
  it('recovers exactly the complete records, wherever the file was cut', async () => {
    const path = await journalOf(eventsUpTo(8));
    const bytes = readFileSync(path);
    for (let size = 0; size <= bytes.length; size += 1) {
      const cutOff = bytes.subarray(0, size);
      writeFileSync(path, cutOff);
      const lines = cutOff.filter((byte) => byte === 0x0a).length;
      const wholeEnd = cutOff.lastIndexOf(0x0a) + 1;
      const whole = lines > 0 && wholeEnd === size;
      expect(read(path)).toEqual({
        events: eventsUpTo(Math.max(0, lines - 1)),
        sound: { records: lines, bytes: wholeEnd },
        end: whole ? { kind: 'whole' } : { kind: 'torn', line: lines + 1 },
      });
    }
  });

  it('stops at the damaged record, whichever bit was flipped', async () => {
    const path = await journalOf(eventsUpTo(6));
    const bytes = readFileSync(path);
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const damaged = Buffer.from(bytes);
        damaged[bit >> 3]! ^= 1 << (bit & 7);
        writeFileSync(path, damaged);
        const line = bytes.subarray(0, bit >> 3).filter((byte) => byte === 0x0a).length + 1;
        const { events, end } = read(path);
        expect(events).toEqual(eventsUpTo(Math.max(0, line - 2)));
        // Without its line feed the last record looks like one that was never finished.
        expect(end).toEqual({ kind: bit >> 3 === bytes.length - 1 ? 'torn' : 'damaged', line });
      }),
      { numRuns: 300 },
    );
  });

  it('stops where a record is missing or duplicated', async () => {
    const path = await journalOf(eventsUpTo(9));
    const lines = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, lines.toSpliced(4, 1).join('\n'));
    expect(read(path)).toMatchObject({ events: eventsUpTo(3), end: { kind: 'damaged', line: 5 } });
    writeFileSync(path, lines.toSpliced(4, 0, lines[3]!).join('\n'));
    expect(read(path)).toMatchObject({ events: eventsUpTo(3), end: { kind: 'damaged', line: 5 } });
  });

  it('refuses a file that is not a journal', () => {
    const path = join(freshDirectory(), 'other');
    writeFileSync(path, 'name: nfl\n');
    expect(read(path)).toMatchObject({ events: [], end: { kind: 'damaged', line: 1 } });
  });

  it('passes over fields and types of events that only a newer minor version knows, and names the types', () => {
    const path = join(freshDirectory(), 'journal.jsonl');
    const [first, second] = eventsUpTo(2);
    const records = [
      { type: 'journal', version: 1, minor: 7, host: 'a field of that version' },
      { ...first, weight: 3 },
      { type: 'task.migrated', task: 'games', to: 'elsewhere', at: 5 },
      second!,
    ];
    writeFileSync(path, records.map((record, seq) => encodeRecord(seq, record)).join(''));
    expect(read(path)).toEqual({
      events: [{ ...first, weight: 3 }, second],
      sound: { records: 4, bytes: statSync(path).size },
      end: { kind: 'whole' },
      newer: { minor: 7, passedOver: ['task.migrated'] },
    });
  });

  it('stops at what an event of a known type tells and this version does not know', () => {
    const path = join(freshDirectory(), 'journal.jsonl');
    const task = { task: 'games', at: 5 };
    const unknown: readonly object[] = [
      { type: 'task.finished', ...task, outcome: { kind: 'postponed' } },
      { type: 'task.finished', ...task, outcome: { kind: 'failed', attempt: 1, cause: { kind: 'boredom' } } },
      { type: 'task.backing-off', ...task, attempt: 2, retryAt: 9, cause: { kind: 'overload', of: 'heat', exit: 1 } },
      { type: 'run.draining', reason: { kind: 'lunch' }, at: 5 },
      { type: 'run.finished', status: 'unclear', at: 5 },
      { type: 'check.finished', result: { check: 'c', verdict: 'perhaps' }, at: 5 },
      { type: 'run.stepped-down', maxParallel: 1, because: 'heat', at: 5 },
      { type: 'task.finished', outcome: { kind: 'skipped' }, at: 5 },
      { type: 'task.reset', task: 'games' },
    ];
    for (const record of unknown) {
      const records = [{ type: 'journal', version: 1 }, eventNumber(0), record, eventNumber(1)];
      writeFileSync(path, records.map((one, seq) => encodeRecord(seq, one)).join(''));
      expect(read(path)).toMatchObject({ events: eventsUpTo(1), end: { kind: 'unknown', line: 3 } });
    }
  });

  it('reports that there is no journal', () => {
    const path = join(freshDirectory(), 'journal.jsonl');
    expect(readJournal(path)).toMatchObject({
      error: { code: 'run/unknown-run', message: `There is no journal "${path}"` },
    });
  });
});

describe('continuing a journal', () => {
  it('cuts an incomplete last record off, keeps it in another file, and appends after the last complete one', async () => {
    const path = await journalOf(eventsUpTo(5));
    truncateSync(path, statSync(path).size - 3);
    const torn = readFileSync(path).subarray(read(path).sound.bytes);
    const resumed = continueJournal(path, read(path));
    if (!resumed.ok) throw new Error(resumed.error.message);
    await resumed.value.append([eventNumber(4), eventNumber(5)]);
    await resumed.value.close();
    expect(read(path)).toMatchObject({ events: eventsUpTo(6), end: { kind: 'whole' } });
    expect(readFileSync(`${path}.corrupt`)).toEqual(torn);
    expect(statSync(`${path}.corrupt`).mode & 0o777).toBe(0o600);
  });

  it('refuses a journal of a newer major version, and one that tells what only a newer version knows, and changes neither', () => {
    const path = join(freshDirectory(), 'journal.jsonl');
    writeFileSync(path, encodeRecord(0, { type: 'journal', version: 2 }));
    appendFileSync(path, 'whatever comes\n');
    const before = readFileSync(path);
    const reading = read(path);
    expect(reading.end).toEqual({ kind: 'foreign', version: 2 });
    expect(continueJournal(path, reading)).toMatchObject({
      error: { code: 'run/newer-journal', message: expect.stringContaining('a newer etl-tui wrote it') },
    });
    expect(readFileSync(path)).toEqual(before);
    expect(existsSync(`${path}.corrupt`)).toBe(false);

    const records = [
      { type: 'journal', version: 1, minor: 9 },
      eventNumber(0),
      { type: 'run.finished', status: 'unclear' },
    ];
    const newer = records.map((one, seq) => encodeRecord(seq, one)).join('');
    writeFileSync(path, newer);
    expect(continueJournal(path, read(path))).toMatchObject({ error: { code: 'run/newer-journal' } });
    expect(readFileSync(path, 'utf8')).toBe(newer);
    expect(existsSync(`${path}.corrupt`)).toBe(false);
  });

  it('of a newer minor version keeps what it passes over', async () => {
    const path = join(freshDirectory(), 'journal.jsonl');
    const records = [{ type: 'journal', version: 1, minor: 7 }, eventNumber(0), { type: 'task.migrated', at: 5 }];
    const before = records.map((record, seq) => encodeRecord(seq, record)).join('');
    writeFileSync(path, before);
    const resumed = continueJournal(path, read(path));
    if (!resumed.ok) throw new Error(resumed.error.message);
    await resumed.value.append([eventNumber(1)]);
    await resumed.value.close();
    expect(readFileSync(path, 'utf8')).toBe(before + encodeRecord(3, eventNumber(1)));
    expect(read(path)).toMatchObject({ events: eventsUpTo(2), end: { kind: 'whole' } });
  });
});

it('gives up on a disk that does not respond, and can be closed', async () => {
  const path = join(freshDirectory(), 'journal.jsonl');
  const fd = openSync(path, 'w');
  const disk = { sync: () => new Promise<void>(() => {}), withinMs: 20 };
  const journal = new FileJournal(path, fd, { records: 0, bytes: 0 }, disk);
  await expect(journal.append([eventNumber(1)])).rejects.toThrow('did not answer within 0.02s');
  await journal.close();
  closeSync(fd);
});
