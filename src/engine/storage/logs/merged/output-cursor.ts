import { statSync } from 'node:fs';
import type { EpochMs } from '../../../model/ids.ts';
import { decodeLine, endOfLine } from '../log-lines.ts';
import { type LogPart, listLogParts, logCap, readFileAt } from '../log-parts.ts';
import type { OutputStamp } from '../stamps/output-stamp.ts';
import { PartStamps } from '../stamps/part-stamps.ts';
import type { OutputPiece, OutputSource } from './output-piece.ts';

const sliceBytes = 0x10000;
const nothing = Buffer.alloc(0);

/** Reads the output of one attempt from its beginning to its end, piece by piece, also while it is written. */
export class OutputCursor {
  /** The piece that is next, once it is loaded. */
  piece: OutputPiece | undefined;
  /** Nothing more comes. */
  isDone = false;
  readonly source: OutputSource;
  #part: { readonly file: LogPart; readonly stamps: PartStamps } | undefined;
  /** What of the file has been read and not returned, and where in the file it begins. */
  #bytes: Buffer = nothing;
  #at = 0;
  /** The first byte of the output that is wanted. */
  #from: number;
  #latest: EpochMs;

  /** @param from byte of the output at which one of the log's files begins */
  constructor(source: OutputSource, from = 0) {
    this.source = source;
    this.#from = from;
    this.#latest = source.startedAt;
  }

  /** Loads the next piece if there is one by now. */
  async load(): Promise<void> {
    if (this.piece !== undefined || this.isDone) return;
    // Looked at before the files: what was written by then is read now.
    const { isOver } = this.source;
    try {
      while (this.piece === undefined) {
        this.piece = this.#cut();
        if (this.piece !== undefined || (await this.#readOn()) || (await this.#openNext())) continue;
        if (!isOver) return;
        this.piece = this.#cutRest();
        this.isDone = this.piece === undefined;
        return;
      }
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  /** Whole lines with one stamp. */
  #cut(): OutputPiece | undefined {
    const lines: string[] = [];
    let stretch = -1;
    let from = 0;
    while (from < this.#bytes.length) {
      const end = endOfLine(this.#bytes, from);
      if (end === -1) break;
      const found = this.#stretchOf(end - 1);
      if (lines.length > 0 && found !== stretch) break;
      stretch = found;
      lines.push(decodeLine(this.#bytes, from, end));
      from = end;
    }
    return lines.length === 0 ? undefined : this.#pieceOf(lines, from, stretch);
  }

  /** A line without an end, where nothing follows it in its file. */
  #cutRest(): OutputPiece | undefined {
    const { length } = this.#bytes;
    if (length === 0) return undefined;
    return this.#pieceOf([decodeLine(this.#bytes, 0, length)], length, this.#stretchOf(length - 1));
  }

  #pieceOf(lines: readonly string[], length: number, stretch: number): OutputPiece {
    const { file, stamps } = this.#part!;
    const stamp: OutputStamp | undefined = stamps.stampOf(stretch);
    const stored = { part: file, start: this.#at, end: this.#at + length };
    this.#latest = Math.max(this.#latest, stamp?.at ?? 0) as EpochMs;
    this.#bytes = this.#bytes.subarray(length);
    this.#at += length;
    return { source: this.source, at: this.#latest, lines, stored, ...(stamp === undefined ? {} : { stamp }) };
  }

  #stretchOf(index: number): number {
    const { file, stamps } = this.#part!;
    return stamps.stretchOf(file.start + this.#at + index);
  }

  /** Reads more of the current file; false at its end. */
  async #readOn(): Promise<boolean> {
    if (this.#part === undefined) return false;
    const { file, stamps } = this.#part;
    const read = this.#at + this.#bytes.length;
    // Asking for the size costs less than reading nothing, and most outputs have nothing new most of the time.
    if ((statSync(file.path, { throwIfNoEntry: false })?.size ?? 0) <= read) return false;
    const bytes = await readFileAt(file.path, read, sliceBytes);
    if (bytes === undefined || bytes.length === 0) return false;
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    await stamps.readUntil(file.start + read + bytes.length);
    return true;
  }

  /** Opens the next file of the log, which there can only be when the current one is full or gone. */
  async #openNext(): Promise<boolean> {
    const read = this.#at + this.#bytes.length;
    const size = statSync(this.#part?.file.path ?? this.source.path, { throwIfNoEntry: false })?.size;
    if (this.#part === undefined ? size === undefined : size !== undefined && size < logCap.tailFileBytes) return false;
    const after = this.#part === undefined ? this.#from : this.#part.file.start + 1;
    const next = (await listLogParts(this.source.path)).find(({ start }) => start >= after);
    if (next === undefined) return false;
    // A line that was too long for one file.
    this.piece = this.#part === undefined ? undefined : this.#cutRest();
    if (this.piece !== undefined) return true;
    const expected = this.#part === undefined ? this.#from : this.#part.file.start + read;
    [this.#part, this.#bytes, this.#at] = [{ file: next, stamps: new PartStamps(next) }, nothing, 0];
    if (next.start > expected) this.piece = this.#note(`… ${next.start - expected} bytes dropped …`);
    return true;
  }

  #fail({ message }: Error): void {
    this.piece = this.#note(`… this log cannot be read on: ${message} …`);
    this.isDone = true;
  }

  #note(line: string): OutputPiece {
    return { source: this.source, at: this.#latest, lines: [line] };
  }
}
