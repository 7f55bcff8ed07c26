/** How much is kept of the beginning and of the end of an output, in bytes. */
export type Cap = { readonly headBytes: number; readonly tailBytes: number };

/** The cap of every attempt's log. */
export const logCap: Cap = { headBytes: 8 * 0x100000, tailBytes: 8 * 0x100000 };

/** Between the beginning and the end of an output that was too long stands a line of this length. */
export const markBytes = 96;

/** Where in the file the end of an output goes round. */
export function ringStart(cap: Cap): number {
  return cap.headBytes + markBytes;
}

/** Up to here a file is what was written; no file is longer. */
export function ringEnd(cap: Cap): number {
  return ringStart(cap) + cap.tailBytes;
}

/**
 * What goes round is written in pieces of at most this size, each followed by a new mark. So a reader knows that of what
 * the mark speaks of, all but the oldest piece is there.
 */
export function pieceBytes(cap: Cap): number {
  return Math.max(1, cap.tailBytes >> 3);
}

/** What the mark of a file says of the bytes behind it. */
export type Mark =
  /** They go round: `total` bytes were written so far. */
  | { readonly kind: 'round'; readonly total: number }
  /** They are being put in order at this moment, unless whoever does it has died. */
  | { readonly kind: 'moving' }
  /** They are in order, and so many bytes were dropped before them. */
  | { readonly kind: 'ordered'; readonly dropped: number };

export function encodeMark(mark: Mark): Buffer {
  const bytes = Buffer.alloc(markBytes, ' ');
  bytes.write(`\n… ${wordsOf(mark)} …`);
  bytes[markBytes - 1] = 0x0a;
  return bytes;
}

/** Undefined when the bytes are no mark, but output like all the rest. */
export function decodeMark(bytes: Buffer): Mark | undefined {
  const words = /^\n… ((?:(\d+) bytes )?.+) … *\n$/.exec(bytes.toString());
  if (words === null) return undefined;
  const count = Number(words[2] ?? 0);
  const marks: readonly Mark[] = [
    { kind: 'ordered', dropped: count },
    { kind: 'round', total: count },
    { kind: 'moving' },
  ];
  return marks.find((mark) => wordsOf(mark) === words[1]);
}

function wordsOf(mark: Mark): string {
  switch (mark.kind) {
    case 'round':
      return `${mark.total} bytes so far, going round: what follows is out of order`;
    case 'moving':
      return 'what follows is being put in order';
    case 'ordered':
      return `${mark.dropped} bytes dropped`;
  }
}
