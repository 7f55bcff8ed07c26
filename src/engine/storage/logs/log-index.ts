import { LineCount } from './line-count.ts';
import { decodeLine, endOfLine, longestLine } from './log-lines.ts';
import { type LogPart, listLogParts, readLogPart } from './log-parts.ts';
import type { OutputStamp } from './stamps/output-stamp.ts';
import { PartStamps } from './stamps/part-stamps.ts';

/** Consecutive lines, and where to continue; no lines when their file was deleted while it was read. */
export type LogBlock = {
  readonly lines: readonly { readonly number: number; readonly text: string; readonly stamp?: OutputStamp }[];
  /** The line behind them, and the one before. */
  readonly after: number;
  readonly before: number;
  /** It is the one line that stands for everything that was dropped. */
  readonly isGap: boolean;
};

/** `lines` is undefined as long as the files before it are not counted. */
type IndexedPart = LogPart & { readonly lines: LineCount | undefined; readonly stamps: PartStamps };

const sliceBytes = 0x40000;

/**
 * Finds lines in the files of a log. Lines are counted file by file, from the head on; a line number stands for the bytes
 * that were dropped. Each call reads one slice of one file at most.
 */
export class LogIndex {
  readonly #head: string;
  #parts: readonly IndexedPart[] = [];
  /** Lines behind the dropped part have at least this number: those before them were counted before they were deleted. */
  #minAfterGap = 0;
  #isCounted = true;

  constructor(head: string) {
    this.#head = head;
  }

  size(): { readonly lines: number; readonly bytes: number; readonly isCounted: boolean } {
    const counted = this.#parts.findLast(({ lines }) => lines !== undefined);
    const end = this.#parts.at(-1);
    const lines = counted === undefined ? 0 : this.#isCounted ? lineAfter(counted) : counted.lines!.next().number;
    return { lines, bytes: end === undefined ? 0 : endOf(end), isCounted: this.#isCounted };
  }

  /** Reads the directory again; a head file that was replaced or truncated is counted anew. */
  async refresh(): Promise<void> {
    const bytes = this.size().bytes;
    const before = this.#parts;
    const found = await listLogParts(this.#head);
    const isSame = before[0]?.inode === found[0]?.inode && (before[0]?.size ?? 0) <= (found[0]?.size ?? 0);
    if (!isSame) this.#minAfterGap = 0;
    this.#parts = found.map((part) => {
      const known = isSame ? before.find(({ start }) => start === part.start) : undefined;
      return { ...part, lines: known?.lines, stamps: known?.stamps ?? new PartStamps(part) };
    });
    const isStored = (part: IndexedPart) => found.some(({ start }) => start === part.start);
    for (const part of isSame ? before : []) {
      if (!isStored(part) && part.lines !== undefined) this.#minAfterGap = lineAfter(part);
    }
    if (!isSame || this.size().bytes !== bytes) this.#isCounted = found.length === 0;
  }

  /** Counts the lines of the next slice. Returns whether there may be more to count. */
  async countOn(): Promise<boolean> {
    for (const [at, part] of this.#parts.entries()) {
      const lines = part.lines ?? new LineCount(this.#firstNumber(at));
      this.#parts = this.#parts.with(at, { ...part, lines });
      const { offset } = lines.next();
      if (offset >= part.size) continue;
      const bytes = await readLogPart(part, offset, Math.min(sliceBytes, part.size - offset));
      if (bytes === undefined) {
        await this.refresh();
        return true;
      }
      lines.count(bytes);
      if (lines.next().offset > offset) return true;
    }
    this.#isCounted = true;
    return false;
  }

  /** The lines around this one, which must be counted; undefined when there is no such line. */
  async blockAt(number: number): Promise<LogBlock | undefined> {
    const at = this.#parts.findLastIndex(({ lines }) => lines !== undefined && lines.first() <= number);
    const part = this.#parts[at];
    if (part?.lines === undefined) return undefined;
    if (number < lineAfter(part)) return this.#read(part, part.lines, number);
    const next = this.#parts[at + 1];
    if (next?.lines === undefined) return undefined;
    const gap = lineAfter(part);
    const text = `… ${next.start - endOf(part)} bytes dropped …`;
    return { lines: [{ number: gap, text }], after: next.lines.first(), before: gap - 1, isGap: true };
  }

  /** The bytes of the output from `offset` on, or from the first stored byte behind it; undefined at the end. */
  async chunk(offset: number): Promise<{ readonly offset: number; readonly bytes: Buffer } | undefined> {
    for (;;) {
      await this.refresh();
      const part = this.#parts.find((one) => endOf(one) > offset);
      if (part === undefined) return undefined;
      const from = Math.max(offset, part.start);
      const bytes = await readLogPart(part, from - part.start, sliceBytes);
      if (bytes !== undefined && bytes.length > 0) return { offset: from, bytes };
    }
  }

  #firstNumber(at: number): number {
    const before = this.#parts[at - 1];
    if (before === undefined) return 0;
    const next = lineAfter(before);
    return endOf(before) === this.#parts[at]!.start ? next : Math.max(next + 1, this.#minAfterGap);
  }

  async #read(part: IndexedPart, counted: LineCount, number: number): Promise<LogBlock | undefined> {
    const { start, end } = counted.block(number);
    const stop = end?.offset ?? Math.min(part.size, counted.next().offset + longestLine);
    const bytes = await readLogPart(part, start.offset, stop - start.offset);
    if (bytes === undefined) {
      await this.refresh();
      return { lines: [], after: number, before: number, isGap: false };
    }
    const lines: { number: number; text: string; stamp?: OutputStamp }[] = [];
    const { stamps } = part;
    await stamps.readUntil(part.start + stop);
    for (let at = 0; at < bytes.length; ) {
      const lineEnd = endOfLine(bytes, at);
      if (lineEnd === -1 && stop < part.size && end === undefined) break;
      const to = lineEnd === -1 ? bytes.length : lineEnd;
      const stamp = stamps.stampOf(stamps.stretchOf(part.start + start.offset + to - 1));
      const line = { number: start.number + lines.length, text: decodeLine(bytes, at, to) };
      lines.push(stamp === undefined ? line : { ...line, stamp });
      at = to;
    }
    const after = start.number + lines.length;
    return number < after ? { lines, after, before: start.number - 1, isGap: false } : undefined;
  }
}

function endOf({ start, size }: LogPart): number {
  return start + size;
}

/** The number behind the last line of a file that is counted; its last line may have no end. */
function lineAfter({ lines, size }: IndexedPart): number {
  const { number, offset } = lines!.next();
  return number + Number(offset < size);
}
