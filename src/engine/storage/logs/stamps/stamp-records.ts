import type { EpochMs } from '../../../model/ids.ts';
import { type OutputStamp, type StampStream, stampStreams } from './output-stamp.ts';

/** From byte `offset` of the output on, until the next record. */
export type StampRecord = OutputStamp & { readonly offset: number };

/**
 * Records as they are stored: two numbers each, in groups of seven bits, the lowest first, with the eighth bit set in all
 * groups but the last. The first is the offset, the second the time in ms, times three, plus the number of the stream; both
 * offset and time are counted from the record before, and in the first record of a file from 0.
 */
export function encodeRecords(records: readonly StampRecord[], before: StampRecord | undefined): Uint8Array {
  const bytes = Buffer.allocUnsafe(records.length * 2 * longestNumber);
  let length = 0;
  let last = before;
  for (const record of records) {
    length = putNumber(bytes, length, record.offset - (last?.offset ?? 0));
    const time = record.at - (last?.at ?? 0);
    length = putNumber(bytes, length, time * stampStreams.length + stampStreams.indexOf(record.stream));
    last = record;
  }
  return bytes.subarray(0, length);
}

/** Seven bits each: enough for three times the last moment that a `Date` can have. */
const longestNumber = 8;
const latestTime = 8_640_000_000_000_000;

/** The place behind the number. */
function putNumber(bytes: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 0x80; at += 1) {
    bytes[at] = (rest % 0x80) + 0x80;
    rest = Math.floor(rest / 0x80);
  }
  bytes[at] = rest;
  return at + 1;
}

/** Reads records as their bytes come. What is no record ends them: nothing behind it is believed. */
export class StampTable {
  #offsets = new Float64Array(64);
  #times = new Float64Array(64);
  #streams = new Uint8Array(64);
  #length = 0;
  #isBroken = false;
  /** Bytes of a record whose end is still to come. */
  #rest: Uint8Array = new Uint8Array(0);

  append(news: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? news : Buffer.concat([this.#rest, news]);
    let at = 0;
    while (!this.#isBroken) {
      const offset = readNumber(bytes, at);
      const stamp = offset === undefined ? undefined : readNumber(bytes, offset.end);
      if (offset === undefined || stamp === undefined) break;
      this.#add(offset.value, stamp.value);
      at = stamp.end;
    }
    this.#rest = bytes.slice(at);
    if (this.#rest.length > 2 * longestNumber) this.#isBroken = true;
  }

  /** Where the last record begins; undefined without any. */
  lastOffset(): number | undefined {
    return this.#length === 0 ? undefined : this.#offsets[this.#length - 1];
  }

  /** The number of the record that byte `offset` of the output belongs to; -1 when there is none. */
  find(offset: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#offsets[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The stamp of a record; undefined for -1. */
  stamp(record: number): OutputStamp | undefined {
    if (record < 0 || record >= this.#length) return undefined;
    return { at: this.#times[record] as EpochMs, stream: stampStreams[this.#streams[record]!] as StampStream };
  }

  #add(offsetStep: number, stampStep: number): void {
    const last = this.#length - 1;
    const offset = (last < 0 ? 0 : this.#offsets[last]!) + offsetStep;
    const time = (last < 0 ? 0 : this.#times[last]!) + Math.floor(stampStep / stampStreams.length);
    if (!Number.isSafeInteger(offset) || time > latestTime) {
      this.#isBroken = true;
      return;
    }
    if (this.#length === this.#offsets.length) this.#grow();
    this.#offsets[this.#length] = offset;
    this.#times[this.#length] = time;
    this.#streams[this.#length] = stampStep % stampStreams.length;
    this.#length += 1;
  }

  #grow(): void {
    const longer = <Kind extends Float64Array | Uint8Array>(array: Kind, next: Kind): Kind => {
      next.set(array);
      return next;
    };
    const size = this.#length * 2;
    this.#offsets = longer(this.#offsets, new Float64Array(size));
    this.#times = longer(this.#times, new Float64Array(size));
    this.#streams = longer(this.#streams, new Uint8Array(size));
  }
}

function readNumber(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  let factor = 1;
  for (let at = start; at < bytes.length && at < start + longestNumber; at += 1) {
    const group = bytes[at]!;
    value += (group & 0x7f) * factor;
    if (group < 0x80) return { value, end: at + 1 };
    factor *= 0x80;
  }
  return undefined;
}
