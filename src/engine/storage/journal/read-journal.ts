import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import { journalHeader } from './journal.ts';
import { decodeRecord } from './journal-record.ts';
import { knowledgeOf } from './known-events.ts';

/** Why reading ended. Lines count from 1, as editors do; line 1 is the header. */
export type JournalEnd =
  | { readonly kind: 'whole' }
  /** The last line has no end: its writer was killed, or the disk was full. */
  | { readonly kind: 'torn'; readonly line: number }
  /** The line is not what was written; nothing behind it can be trusted. */
  | { readonly kind: 'damaged'; readonly line: number }
  /** The line is sound, and tells something that this version does not know. */
  | { readonly kind: 'unknown'; readonly line: number }
  /** A version wrote it that changed what is in a journal. */
  | { readonly kind: 'foreign'; readonly version: unknown };

export type JournalContents = {
  /** All events up to the first record that is not sound, but those of types that this version does not know. */
  readonly events: readonly RunEvent[];
  /** Present when a newer version began it: which one, and the types of events that were passed over. */
  readonly newer?: { readonly minor: number; readonly passedOver: readonly string[] };
  /** How many bytes at the start of the file are sound records, and how many records (with the header). */
  readonly sound: { readonly records: number; readonly bytes: number };
  readonly end: JournalEnd;
};

/** Reads a journal, also one that is being written or whose end is torn; fails only when there is nothing to read. */
export function readJournal(path: string): Result<JournalContents, Diagnostic> {
  try {
    return ok(readRecords(readFileSync(path), { records: 0, bytes: 0 }));
  } catch (error) {
    return failed(cannotRead(path, error as NodeJS.ErrnoException));
  }
}

/** The first event of a journal; undefined when it cannot be read. */
export function firstEvent(path: string): RunEvent | undefined {
  return readRecords(readFrom(path, 0, beginningBytes), { records: 0, bytes: 0 }).events[0];
}

/** The first event is among them, whatever its run was started with. */
const beginningBytes = 0x40000;

/** Reads a journal that is being written, part by part: each call gives the events since the last one. */
export function followJournal(path: string): () => readonly RunEvent[] {
  let sound: JournalContents['sound'] = { records: 0, bytes: 0 };
  return () => {
    const reading = readRecords(readFrom(path, sound.bytes), sound);
    sound = { records: reading.sound.records, bytes: sound.bytes + reading.sound.bytes };
    return reading.events;
  };
}

/** Nothing, as long as there is nothing. */
function readFrom(path: string, start: number, most = Number.POSITIVE_INFINITY): Buffer {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(Math.min(most, Math.max(0, fstatSync(file).size - start)));
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start));
    } finally {
      closeSync(file);
    }
  } catch {
    return Buffer.alloc(0);
  }
}

/** `file` begins behind `before.records` records; the bytes of the result count from there. */
function readRecords(file: Buffer, before: JournalContents['sound']): JournalContents {
  const events: RunEvent[] = [];
  const passedOver = new Set<string>();
  const sound = { records: before.records, bytes: 0 };
  let minor = 0;
  const stop = (end: JournalEnd): JournalContents => {
    const isNewer = minor > journalHeader.minor || passedOver.size > 0;
    return { events, sound, end, ...(isNewer ? { newer: { minor, passedOver: [...passedOver] } } : {}) };
  };
  while (sound.bytes < file.length) {
    const line = sound.records + 1;
    const lineEnd = file.indexOf('\n', sound.bytes);
    if (lineEnd === -1) return stop({ kind: 'torn', line });
    const record = decodeRecord(sound.records, file.subarray(sound.bytes, lineEnd));
    if (record === undefined) return stop({ kind: 'damaged', line });
    if (line === 1) {
      if (record['type'] !== journalHeader.type) return stop({ kind: 'damaged', line });
      if (record['version'] !== journalHeader.version) return stop({ kind: 'foreign', version: record['version'] });
      minor = typeof record['minor'] === 'number' ? record['minor'] : 0;
    } else {
      const knowledge = knowledgeOf(record);
      if (knowledge === 'unknown-value') return stop({ kind: 'unknown', line });
      if (knowledge === 'known') events.push(record as RunEvent);
      else passedOver.add(String(record['type']));
    }
    sound.records += 1;
    sound.bytes = lineEnd + 1;
  }
  return stop(sound.records === 0 ? { kind: 'torn', line: 1 } : { kind: 'whole' });
}

function cannotRead(path: string, error: NodeJS.ErrnoException): Diagnostic {
  const code = 'run/unknown-run';
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
    return {
      code,
      severity: 'error',
      message: `There is no journal "${path}"`,
      hint: 'etl-tui history lists the stored runs',
    };
  }
  return {
    code,
    severity: 'error',
    message: `Cannot read the journal "${path}": ${error.message}`,
    hint: 'run as the user who started the run',
  };
}
