import type { Cap } from './capped-layout.ts';
import { LineCount } from './line-count.ts';
import { type LogExtent, LogFile } from './log-file.ts';
import { decodeLine, endOfLine, longestLine } from './log-lines.ts';

/** Lines that stand together, and where to go on from them; none when they were written over while they were read. */
export type LogBlock = {
  readonly lines: readonly { readonly number: number; readonly text: string }[];
  /** The line behind them, and the one before. */
  readonly after: number;
  readonly before: number;
  /** It is the one line that stands for all that was dropped. */
  readonly isGap: boolean;
};

const sliceBytes = 0x40000;

/**
 * Where the lines of a log are. Of an output that was too long, the beginning and the end are counted for themselves; the
 * line in which the beginning breaks off stands for all that was dropped. Each call reads one slice of the file at most.
 */
export class LogIndex {
  readonly #file: LogFile;
  /** So often a line's place is remembered: what goes round loses no more than this of what is there. */
  readonly #everyBytes: number;
  #extent: LogExtent;
  #head: LineCount;
  #tail: LineCount | undefined;
  /** Nothing is known of the tail yet but where it begins, which may be in the middle of a line. */
  #isTailFresh = false;
  #isCounted = false;

  constructor(path: string, cap: Cap) {
    this.#file = new LogFile(path, cap);
    this.#everyBytes = Math.min(0x10000, cap.tailBytes >> 5);
    this.#extent = this.#file.extent();
    this.#head = this.#countFrom(0, 0);
  }

  size(): { readonly lines: number; readonly bytes: number; readonly isCounted: boolean } {
    const { headEnd, tail } = this.#extent;
    const bytes = tail?.to ?? headEnd;
    const { number, offset } = (this.#tail ?? this.#head).next();
    const hasMore = this.#isCounted && offset < bytes;
    return { lines: number + Number(hasMore), bytes, isCounted: this.#isCounted };
  }

  async refresh(): Promise<void> {
    const before = this.#extent;
    const extent = await this.#file.refresh();
    if (extent.generation !== before.generation) {
      this.#head = this.#countFrom(0, 0);
      this.#tail = undefined;
    }
    this.#extent = extent;
    if (extent.tail !== undefined) this.#keepTail(extent.headEnd, extent.tail.from);
    const grown = (extent.tail?.to ?? extent.headEnd) !== (before.tail?.to ?? before.headEnd);
    if (grown || extent.generation !== before.generation) this.#isCounted = false;
  }

  /** Counts the lines of the next slice; false when all are counted, or what was to be counted is written over. */
  async countOn(): Promise<boolean> {
    const { headEnd, tail } = this.#extent;
    let counted = await this.#count(this.#head, headEnd);
    if (counted === 'all' && tail !== undefined) {
      this.#tail ??= this.#freshTail(this.#head.next().number + 1, tail.from);
      counted = await this.#count(this.#tail, tail.to);
    }
    this.#isCounted = counted === 'all';
    return counted === 'some';
  }

  /** The lines around this one, which must be counted; undefined when there is no such line. */
  async blockAt(number: number): Promise<LogBlock | undefined> {
    const { headEnd, tail } = this.#extent;
    const gap = this.#head.next().number;
    if (this.#tail === undefined || tail === undefined) return this.#read(this.#head, headEnd, number);
    if (number < gap) return this.#read(this.#head, this.#head.next().offset, number);
    const first = this.#tail.first().number;
    if (number < first) return { lines: [await this.#gapLine()], after: first, before: gap - 1, isGap: true };
    const block = await this.#read(this.#tail, tail.to, number);
    return block?.lines[0]?.number === first ? { ...block, before: gap } : block;
  }

  /** The last bytes of the log, as far as they stand together. */
  async lastBytes(most: number): Promise<Buffer | undefined> {
    const { headEnd, tail } = this.#extent;
    const to = tail?.to ?? headEnd;
    const from = Math.max(tail?.from ?? 0, to - most);
    return this.#file.read(from, to - from);
  }

  async chunk(offset: number, most: number): Promise<{ readonly offset: number; readonly bytes: Buffer } | undefined> {
    for (;;) {
      await this.refresh();
      const { headEnd, tail } = this.#extent;
      const from = offset < headEnd ? offset : Math.max(offset, tail?.from ?? headEnd);
      if (from >= (tail?.to ?? headEnd)) return undefined;
      const bytes = await this.#file.read(from, most);
      if (bytes !== undefined) return { offset: from, bytes };
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** What was counted as one stretch before the output went round keeps its numbers. */
  #keepTail(headEnd: number, from: number): void {
    if (this.#tail === undefined && this.#head.next().offset >= from) {
      const whole = this.#head;
      this.#head = whole.headBefore(headEnd);
      this.#tail = whole;
    } else if (this.#head.next().offset > headEnd) {
      this.#head = this.#head.headBefore(headEnd);
    }
    if (this.#tail === undefined || this.#tail.dropBefore(from)) return;
    this.#tail = this.#freshTail(this.#tail.next().number + 1, from);
  }

  #countFrom(number: number, offset: number): LineCount {
    return new LineCount({ number, offset }, this.#everyBytes);
  }

  #freshTail(number: number, offset: number): LineCount {
    this.#isTailFresh = true;
    return this.#countFrom(number, offset);
  }

  async #count(lines: LineCount, end: number): Promise<'some' | 'all' | 'none'> {
    const { offset } = lines.next();
    if (offset >= end) return 'all';
    const bytes = await this.#file.read(offset, Math.min(sliceBytes, end - offset));
    if (bytes === undefined) {
      await this.refresh();
      return 'none';
    }
    if (lines === this.#tail && this.#isTailFresh) {
      this.#isTailFresh = false;
      const broken = this.#extent.tail?.isMoving === true ? bytes.indexOf(0x0a) + 1 : 0;
      if (broken > 0) {
        this.#tail = this.#countFrom(lines.next().number, offset + broken);
        return 'some';
      }
    }
    lines.count(bytes);
    return lines.next().offset > offset ? 'some' : 'all';
  }

  async #read(lines: LineCount, end: number, number: number): Promise<LogBlock | undefined> {
    const { start, end: next, isLast } = lines.block(number);
    const stop = isLast ? Math.min(end, next.offset + longestLine) : next.offset;
    if (stop <= start.offset) return undefined;
    const bytes = await this.#file.read(start.offset, stop - start.offset);
    if (bytes === undefined) {
      // It was written over: once more, with what is there now.
      await this.refresh();
      return { lines: [], after: number, before: number, isGap: false };
    }
    const found: { number: number; text: string }[] = [];
    for (let at = 0; at < bytes.length; ) {
      const lineEnd = endOfLine(bytes, at);
      if (lineEnd === -1 && isLast && stop < end) break;
      const to = lineEnd === -1 ? bytes.length : lineEnd;
      found.push({ number: start.number + found.length, text: decodeLine(bytes, at, to) });
      at = to;
    }
    const after = start.number + found.length;
    return number < after ? { lines: found, after, before: start.number - 1, isGap: false } : undefined;
  }

  async #gapLine(): Promise<LogBlock['lines'][number]> {
    const { headEnd, tail } = this.#extent;
    const { number, offset } = this.#head.next();
    const broken = offset < headEnd ? await this.#file.read(offset, headEnd - offset) : undefined;
    const dropped = (tail?.from ?? headEnd) - headEnd;
    return { number, text: `${broken?.toString() ?? ''}… ${dropped} bytes dropped …` };
  }
}
