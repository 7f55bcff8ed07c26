import { OutputCursor } from './output-cursor.ts';
import type { OutputPiece, OutputSource } from './output-piece.ts';

/**
 * The output of several attempts as one, in the order in which lines ended. Only those are open that ran at about the same
 * time, so that memory does not depend on how many there are.
 */
export class MergedOutput {
  readonly #sources: () => readonly OutputSource[];
  readonly #beginningOf: (source: OutputSource) => number;
  /** How many of the sources are known, and those of them that are still to be opened. */
  #known = 0;
  #waiting: OutputSource[] = [];
  #open: OutputCursor[] = [];
  /** Cursors that had nothing more in this round. */
  #idle = new Set<OutputCursor>();

  /**
   * @param sources in the order in which they began; later calls may give more at the end
   * @param beginningOf see `OutputCursor`
   */
  constructor(sources: () => readonly OutputSource[], beginningOf: (source: OutputSource) => number = () => 0) {
    this.#sources = sources;
    this.#beginningOf = beginningOf;
  }

  /** From now on, outputs are asked again whether they have more. */
  beginRound(): void {
    this.#idle.clear();
  }

  /**
   * The next piece, if it came at `settled` or earlier; undefined when nothing has. Of what is still written, `settled` must
   * lie so far back that everything of that time can be read.
   */
  async next(settled: number): Promise<OutputPiece | undefined> {
    this.#learn();
    for (;;) {
      await this.#load();
      const first = this.#first();
      const next = this.#waiting[0];
      if (next !== undefined && next.startedAt <= Math.min(settled, first?.piece?.at ?? settled)) {
        this.#waiting.shift();
        this.#open.push(new OutputCursor(next, this.#beginningOf(next)));
        continue;
      }
      const piece = first?.piece;
      if (first === undefined || piece === undefined || piece.at > settled) return undefined;
      first.piece = undefined;
      return piece;
    }
  }

  #learn(): void {
    const sources = this.#sources();
    if (sources.length === this.#known) return;
    this.#waiting.push(...sources.slice(this.#known));
    this.#waiting.sort((one, other) => one.startedAt - other.startedAt);
    this.#known = sources.length;
  }

  async #load(): Promise<void> {
    for (const cursor of this.#open) {
      if (cursor.piece !== undefined || this.#idle.has(cursor)) continue;
      await cursor.load();
      if (cursor.piece === undefined) this.#idle.add(cursor);
    }
    if (this.#open.some(isFinished)) this.#open = this.#open.filter((cursor) => !isFinished(cursor));
  }

  #first(): OutputCursor | undefined {
    let first: OutputCursor | undefined;
    for (const cursor of this.#open) {
      if (cursor.piece !== undefined && (first?.piece === undefined || cursor.piece.at < first.piece.at))
        first = cursor;
    }
    return first;
  }
}

function isFinished({ piece, isDone }: OutputCursor): boolean {
  return isDone && piece === undefined;
}
