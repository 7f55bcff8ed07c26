import { endOfLine } from './log-lines.ts';

/** A line with a known number and the byte at which it begins. */
export type LineStart = { readonly number: number; readonly offset: number };

/**
 * Counts the lines of one stretch of an output, and remembers where one of them begins every so many bytes: enough to find any
 * line, and little for the longest of files.
 */
export class LineCount {
  readonly #everyBytes: number;
  #known: LineStart[];
  #next: LineStart;

  constructor(first: LineStart, everyBytes: number) {
    this.#everyBytes = everyBytes;
    this.#known = [first];
    this.#next = first;
  }

  /** The first line that is not counted: its end has not come yet. */
  next(): LineStart {
    return this.#next;
  }

  first(): LineStart {
    return this.#known[0]!;
  }

  /** Counts the lines that end in `bytes`, which begin where the next line does. */
  count(bytes: Uint8Array): void {
    let { number, offset } = this.#next;
    const base = offset;
    for (;;) {
      const end = endOfLine(bytes, offset - base);
      if (end === -1) break;
      number += 1;
      offset = base + end;
      if (offset - this.#known[this.#known.length - 1]!.offset >= this.#everyBytes)
        this.#known.push({ number, offset });
    }
    this.#next = { number, offset };
  }

  /** The stretch between two known lines that holds this one, up to the start of the line behind it. */
  block(number: number): { readonly start: LineStart; readonly end: LineStart; readonly isLast: boolean } {
    const known = this.#known;
    let low = 0;
    let high = known.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (known[middle]!.number <= number) low = middle;
      else high = middle - 1;
    }
    return { start: known[low]!, end: known[low + 1] ?? this.#next, isLast: low === known.length - 1 };
  }

  /** What begins before `offset` is no longer there. False when nothing is left of what was counted. */
  dropBefore(offset: number): boolean {
    const kept = this.#known.findIndex((start) => start.offset >= offset);
    if (kept > 0) this.#known.splice(0, kept);
    if (kept !== -1) return true;
    if (this.#next.offset < offset) return false;
    this.#known = [this.#next];
    return true;
  }

  /** The part before `offset`, to be counted on from there; the part from it on is left to this one. */
  headBefore(offset: number): LineCount {
    const head = new LineCount(this.first(), this.#everyBytes);
    head.#known = this.#known.filter((start) => start.offset <= offset);
    head.#next = this.#next.offset <= offset ? this.#next : head.#known[head.#known.length - 1]!;
    return head;
  }
}
