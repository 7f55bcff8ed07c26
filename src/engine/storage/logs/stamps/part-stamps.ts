import { type LogPart, readFileAt } from '../log-parts.ts';
import { type OutputStamp, stampFilePath } from './output-stamp.ts';
import { StampTable } from './stamp-records.ts';

const sliceBytes = 0x10000;

/** The stamps of one file of a log, read as far as they are needed, also while they are written. None for a log without. */
export class PartStamps {
  readonly #path: string;
  readonly #table = new StampTable();
  #read = 0;

  constructor(part: LogPart) {
    this.#path = stampFilePath(part.path);
  }

  /** Reads the stamps of the output up to byte `offset`. A file that cannot be read is taken for one that is not there. */
  async readUntil(offset: number): Promise<void> {
    while ((this.#table.lastOffset() ?? -1) < offset) {
      const bytes = await readFileAt(this.#path, this.#read, sliceBytes).catch(() => undefined);
      if (bytes === undefined || bytes.length === 0) return;
      this.#read += bytes.length;
      this.#table.append(bytes);
    }
  }

  /** Which stretch of one stamp byte `offset` of the output belongs to, among those that were read; -1 when none is known. */
  stretchOf(offset: number): number {
    return this.#table.find(offset);
  }

  stampOf(stretch: number): OutputStamp | undefined {
    return this.#table.stamp(stretch);
  }
}
