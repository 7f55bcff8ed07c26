import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { type Cap, decodeMark, type Mark, markBytes, pieceBytes, ringEnd, ringStart } from './capped-layout.ts';

/** Which bytes of an output can be read. Bytes are counted as they were written, whatever was dropped of them. */
export type LogExtent = {
  /** Changes when the file is another one than before, or was cut; nothing that was known then is true any more. */
  readonly generation: number;
  /** The beginning: from 0 to here. */
  readonly headEnd: number;
  /** The end of an output that was too long for its file; absent while nothing was dropped. */
  readonly tail?: {
    readonly from: number;
    readonly to: number;
    /** It goes round: where it begins moves on. */
    readonly isMoving: boolean;
  };
};

type Layout = { readonly kind: 'plain'; readonly size: number } | Exclude<Mark, { kind: 'moving' }>;

/**
 * A log on the disk, as the output that it holds: also while it grows, goes round or is put in order by another process,
 * and before it is there.
 */
export class LogFile {
  readonly #path: string;
  readonly #cap: Cap;
  #file: FileHandle | undefined;
  #inode = 0;
  #size = 0;
  #generation = 0;
  #layout: Layout = { kind: 'plain', size: 0 };

  constructor(path: string, cap: Cap) {
    this.#path = path;
    this.#cap = cap;
  }

  extent(): LogExtent {
    const generation = this.#generation;
    const layout = this.#layout;
    if (layout.kind === 'plain') return { generation, headEnd: layout.size };
    const { headBytes, tailBytes } = this.#cap;
    const to = layout.kind === 'round' ? layout.total : layout.dropped + headBytes + tailBytes;
    // While it goes round, the oldest piece may be written over at this moment.
    const from =
      layout.kind === 'round' ? Math.max(ringStart(this.#cap), to - tailBytes + pieceBytes(this.#cap)) : to - tailBytes;
    return { generation, headEnd: headBytes, tail: { from, to, isMoving: layout.kind === 'round' } };
  }

  /** Looks at the file again; one that has gone stays as it was. Throws what the file system throws, but for that. */
  async refresh(): Promise<LogExtent> {
    const found = await stat(this.#path).catch(ignoreMissing);
    if (found === undefined) return this.extent();
    if (this.#file === undefined || found.ino !== this.#inode) await this.#reopen();
    const size = (await this.#file?.stat())?.size ?? 0;
    if (size < this.#size) this.#generation += 1;
    this.#size = size;
    this.#layout = await this.#look(size);
    return this.extent();
  }

  /**
   * Bytes from `offset` on, `most` at most and fewer at the end of a stretch; undefined when they are not, or no longer,
   * to be had: then `extent()`, after a `refresh()`, says what is.
   */
  async read(offset: number, most: number): Promise<Buffer | undefined> {
    const generation = this.#generation;
    const parts: Buffer[] = [];
    for (let done = 0; done < most; done += parts[parts.length - 1]!.length) {
      const place = this.#placeOf(offset + done);
      if (place === undefined || this.#file === undefined) break;
      const part = await readFully(this.#file, place.position, Math.min(most - done, place.room));
      if (part.length === 0) break;
      parts.push(part);
    }
    const { kind } = this.#layout;
    if (kind === 'round' && offset >= this.#cap.headBytes) {
      // Whoever writes may have come around meanwhile.
      this.#layout = await this.#look(this.#size);
      if (this.#layout.kind !== kind || this.#placeOf(offset) === undefined) return undefined;
    }
    if (generation !== this.#generation || parts.length === 0) return undefined;
    return parts.length === 1 ? parts[0] : Buffer.concat(parts);
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #reopen(): Promise<void> {
    const before = this.#file;
    const file = await open(this.#path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(ignoreMissing);
    if (file === undefined) return;
    this.#inode = (await file.stat()).ino;
    this.#file = file;
    this.#generation += 1;
    this.#size = 0;
    await before?.close();
  }

  #placeOf(offset: number): { readonly position: number; readonly room: number } | undefined {
    const { headEnd, tail } = this.extent();
    if (offset < headEnd) return { position: offset, room: headEnd - offset };
    if (tail === undefined || offset < tail.from || offset >= tail.to) return undefined;
    const start = ringStart(this.#cap);
    const { tailBytes } = this.#cap;
    const turn = this.#layout.kind === 'round' ? (offset - start) % tailBytes : offset - tail.from;
    return { position: start + turn, room: Math.min(tailBytes - turn, tail.to - offset) };
  }

  async #look(size: number): Promise<Layout> {
    if (size !== ringEnd(this.#cap)) return { kind: 'plain', size };
    for (;;) {
      const bytes = await this.#readMark();
      const mark = decodeMark(bytes);
      if (mark === undefined) return { kind: 'plain', size };
      if (mark.kind === 'ordered') return mark;
      if (mark.kind === 'moving') {
        // In a moment it will be in order. Of one that was left like this nobody knows more than that it is full.
        return this.#layout.kind === 'round' ? this.#layout : { kind: 'ordered', dropped: 0 };
      }
      // A number that is read while it is written may be half of each.
      if ((await this.#readMark()).equals(bytes)) return mark;
    }
  }

  async #readMark(): Promise<Buffer> {
    return this.#file === undefined ? Buffer.alloc(0) : readFully(this.#file, this.#cap.headBytes, markBytes);
  }
}

async function readFully(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
