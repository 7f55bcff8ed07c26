import { lastPart } from '../../model/text/last-part.ts';

/** So much before them is looked at for an escape sequence that they begin within, as far as it is still there. */
const charactersBefore = 1_000;

/** The last of a stream of bytes, as text of a limited number of characters (UTF-16 units, as `length` counts them). */
export class ByteTail {
  readonly #characters: number;
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;

  constructor(characters: number) {
    this.#characters = characters;
  }

  append(chunk: Uint8Array): void {
    // No character takes more than three bytes for each of its units, so that these are always enough.
    const enough = this.#characters * 3;
    const news = chunk.length > enough ? chunk.subarray(chunk.length - enough) : chunk;
    if (this.#length + news.length > this.#bytes.length) this.#makeRoom(news.length, enough);
    this.#bytes.set(news, this.#length);
    this.#length += news.length;
  }

  /** Bytes that are no UTF-8 become U+FFFD. A character whose end is still to come is left out while `open`. */
  text(open: boolean): string {
    const bytes = this.#bytes.subarray(0, this.#length);
    const recent = bytes.subarray(startOfLast(bytes, this.#characters + charactersBefore));
    const text = open
      ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(recent, { stream: true })
      : recent.toString();
    return lastPart(text, this.#characters);
  }

  /** Grows by doubling up to twice what is needed, and from then on moves the last part to the front. */
  #makeRoom(wanted: number, enough: number): void {
    const keep = Math.min(this.#length, enough);
    const size = Math.min(enough * 2, Math.max(512, 2 * (keep + wanted)));
    const target = this.#bytes.length >= size ? this.#bytes : Buffer.allocUnsafeSlow(size);
    this.#bytes.copy(target, 0, this.#length - keep, this.#length);
    this.#bytes = target;
    this.#length = keep;
  }
}

/** Where the last `count` characters begin, so that decoding cuts none of them. */
function startOfLast(bytes: Buffer, count: number): number {
  let left = count;
  for (let at = bytes.length - 1; at >= 0; at -= 1) {
    const continues = (bytes[at]! & 0xc0) === 0x80;
    if (!continues) left -= 1;
    if (left === 0) return at;
  }
  return 0;
}
