import { decodeLine, endOfLine } from '../log-lines.ts';
import { readFileAt } from '../log-parts.ts';
import type { StoredBytes } from './output-piece.ts';

const blockBytes = 0x40000;
const maxBlocks = 32;

/** Reads stored lines again; neighbours with one access to their file. */
export class BlockCache {
  readonly #blocks = new Map<string, { readonly start: number; readonly bytes: Buffer }>();

  /** Undefined when the file is gone, or shorter than it was. */
  async lines({ part, start, end }: StoredBytes): Promise<readonly string[] | undefined> {
    const bytes = await this.#read(part.path, start, end);
    if (bytes === undefined) return undefined;
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; ) {
      const lineEnd = endOfLine(bytes, at);
      const to = lineEnd === -1 ? bytes.length : lineEnd;
      lines.push(decodeLine(bytes, at, to));
      at = to;
    }
    return lines;
  }

  async #read(path: string, start: number, end: number): Promise<Buffer | undefined> {
    const known = this.#blocks.get(path);
    if (known !== undefined && known.start <= start && known.start + known.bytes.length >= end) {
      return known.bytes.subarray(start - known.start, end - known.start);
    }
    const bytes = await readFileAt(path, start, Math.max(blockBytes, end - start)).catch(() => undefined);
    if (bytes === undefined || bytes.length < end - start) return undefined;
    if (this.#blocks.size >= maxBlocks) this.#blocks.clear();
    this.#blocks.set(path, { start, bytes });
    return bytes.subarray(0, end - start);
  }
}
