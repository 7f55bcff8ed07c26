import { endOfLine } from './log-lines.ts';

/** A line and the byte of its file at which it begins. */
export type LineStart = { readonly number: number; readonly offset: number };

/** So often the place of a line is stored: enough to find any line fast, and little memory for the longest of files. */
const everyBytes = 0x10000;

/** Counts the lines of one file from its beginning. */
export class LineCount {
  readonly #known: LineStart[];
  #next: LineStart;

  /** @param first the number of the first line of the file */
  constructor(first: number) {
    this.#next = { number: first, offset: 0 };
    this.#known = [this.#next];
  }

  first(): number {
    return this.#known[0]!.number;
  }

  /** The first line that is not counted: its end has not been seen. */
  next(): LineStart {
    return this.#next;
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
      if (offset - this.#known[this.#known.length - 1]!.offset >= everyBytes) this.#known.push({ number, offset });
    }
    this.#next = { number, offset };
  }

  /** The stretch between two stored places that holds this line; without `end` it is the last one. */
  block(number: number): { readonly start: LineStart; readonly end?: LineStart } {
    const after = this.#known.findIndex((start) => start.number > number);
    const start = this.#known.at(after === -1 ? -1 : Math.max(0, after - 1))!;
    const end = this.#known[after];
    return end === undefined ? { start } : { start, end };
  }
}
