import type { LogLine } from '../log-reader.ts';
import type { OutputPiece } from './output-piece.ts';

/** A piece with the number of its first line. Its lines are forgotten after a while, when they can be read again. */
export type Segment = Omit<OutputPiece, 'lines'> & {
  readonly first: number;
  readonly count: number;
  lines: readonly string[] | undefined;
};

export type SegmentLimits = {
  /** Of more the first tenth is dropped. */
  readonly segments: number;
  /** Of so many characters the text is kept. */
  readonly characters: number;
};

/** About 10 MB in all. */
export const segmentLimits: SegmentLimits = { segments: 100_000, characters: 2_000_000 };

/** Stands for lines that are not there. */
export const leftOut = '… earlier output is left out here …';

/** Pieces in their order, with numbered lines: as many as have room. */
export class SegmentList {
  readonly #limits: SegmentLimits;
  #segments: Segment[] = [];
  #next = 0;
  /** The first segment whose text is kept, and how much that is in all. */
  #firstKept = 0;
  #characters = 0;

  constructor(limits: SegmentLimits) {
    this.#limits = limits;
  }

  /** The number behind the last line. */
  get next(): number {
    return this.#next;
  }

  /** The number of the first line that is still there. */
  get first(): number {
    return this.#segments[0]?.first ?? this.#next;
  }

  add({ lines, ...piece }: OutputPiece): void {
    this.#segments.push({ ...piece, first: this.#next, count: lines.length, lines });
    this.#next += lines.length;
    this.#characters += charactersOf(lines);
    while (this.#characters > this.#limits.characters && this.#firstKept < this.#segments.length - 1) {
      this.#forget(this.#segments[this.#firstKept]!);
      this.#firstKept += 1;
    }
    if (this.#segments.length > this.#limits.segments) this.#drop(Math.ceil(this.#limits.segments / 10));
  }

  /** The segments from the one that holds line `number` on, or from the first one. */
  *from(number: number): Generator<Segment> {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { first, count } = this.#segments[middle]!;
      if (first + count <= number) low = middle + 1;
      else high = middle;
    }
    // Others may be added or dropped meanwhile.
    const segments = this.#segments;
    for (let at = low; at < segments.length; at += 1) yield segments[at]!;
  }

  #forget(segment: Segment): void {
    this.#characters -= charactersOf(segment.lines ?? []);
    if (segment.stored !== undefined) segment.lines = undefined;
  }

  #drop(count: number): void {
    for (const segment of this.#segments.slice(this.#firstKept, count))
      this.#characters -= charactersOf(segment.lines ?? []);
    const [first, ...rest] = this.#segments.slice(count);
    const { source, at } = first!;
    this.#segments = [{ source, at, first: first!.first - 1, count: 1, lines: [leftOut] }, first!, ...rest];
    this.#firstKept = Math.max(1, this.#firstKept - count + 1);
  }
}

/** The lines of a segment, with what is told of each. */
export function numberedLines({ source, stamp, first }: Segment, lines: readonly string[]): readonly LogLine[] {
  const { task, attempt } = source;
  return lines.map((text, index) => ({
    number: first + index,
    text,
    task,
    attempt,
    ...(stamp === undefined ? {} : { stamp }),
  }));
}

function charactersOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}
