/** The bytes of some output that a terminal would show, and their positions in the output. */
export type VisibleBytes = {
  readonly bytes: Uint8Array;
  /** The offset in the output of the visible byte `index`. */
  readonly offsetOf: (index: number) => number;
  /** Where the invisible bytes begin among which the byte at `offset` of the output is; `offset` itself when it is visible. */
  readonly startOfHidden: (offset: number) => number;
  /** Where the invisible bytes end (exclusive) among which the byte at `offset` is; `offset + 1` when it is visible. */
  readonly endOfHidden: (offset: number) => number;
};

const esc = 0x1b;
const bell = 0x07;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** 1 for each byte that is invisible or may begin an invisible sequence. */
const suspicious = new Uint8Array(256);
for (let code = 0; code < 0x20; code += 1) suspicious[code] = code === 0x09 || code === lineFeed ? 0 : 1;
for (const lead of [0x7f, 0xc2, 0xd8, 0xe2, 0xef]) suspicious[lead] = 1;

/** Reused by each call, because output arrives in many small chunks. */
let visible = new Uint8Array(0);
let offsets = new Uint32Array(0);

/**
 * `bytes` (UTF-8 or anything else) without escape sequences and invisible characters, which are those that `displayText`
 * removes or a terminal does not show. Undefined when all bytes are visible. An incomplete sequence at the end counts as
 * invisible. The result is valid until the next call.
 */
export function visibleBytes(bytes: Uint8Array): VisibleBytes | undefined {
  const length = bytes.length;
  let at = nextSuspicious(bytes, 0);
  let end = at;
  // A suspicious byte mostly belongs to a visible character: a letter with an accent, a box-drawing character.
  while (at < length) {
    end = endOfHidden(bytes, at);
    if (end > at) break;
    at = nextSuspicious(bytes, at + 1);
  }
  if (at === length) return undefined;
  if (visible.length < length) {
    visible = new Uint8Array(2 * length);
    offsets = new Uint32Array(2 * length);
  }
  visible.set(bytes.subarray(0, at));
  const first = at;
  let count = first;
  at = end;
  while (at < length) {
    if (suspicious[bytes[at]!] === 1) {
      end = endOfHidden(bytes, at);
      if (end > at) {
        at = end;
        continue;
      }
    }
    visible[count] = bytes[at]!;
    offsets[count] = at;
    count += 1;
    at += 1;
  }
  /** Of the last visible byte up to `offset`; -1 when there is none. */
  const lastVisible = (offset: number) => {
    if (offset < first) return offset;
    let index = count - 1;
    while (index >= first && offsets[index]! > offset) index -= 1;
    return index;
  };
  const offsetOf = (index: number) => (index < first ? index : offsets[index]!);
  return {
    bytes: visible.subarray(0, count),
    offsetOf,
    startOfHidden: (offset) => {
      const index = lastVisible(offset);
      if (index < 0) return 0;
      const before = offsetOf(index);
      return before === offset ? offset : before + 1;
    },
    endOfHidden: (offset) => {
      const index = lastVisible(offset);
      if (index >= 0 && offsetOf(index) === offset) return offset + 1;
      return index + 1 < count ? offsetOf(index + 1) : length;
    },
  };
}

function nextSuspicious(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && suspicious[bytes[at]!] === 0) at += 1;
  return at;
}

/** Whether a `*` behind the invisible bytes from `from` to `to` (exclusive) would be part of them, because the last sequence has no end. */
export function wouldHideStar(bytes: Uint8Array, from: number, to: number): boolean {
  const probe = Buffer.concat([bytes.subarray(from, to), Buffer.from('*')]);
  let at = 0;
  while (at < probe.length - 1) {
    const end = endOfHidden(probe, at);
    if (end === at) return false;
    at = end;
  }
  return at === probe.length;
}

/** The end of the invisible bytes at `at`; `at` itself when they are visible. */
function endOfHidden(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first === esc) return endOfEscape(bytes, at);
  // Half of a line break as Windows writes it; alone it moves the cursor, and what follows is seen.
  if (first === carriageReturn) return at + 1 === bytes.length || bytes[at + 1] === lineFeed ? at + 1 : at;
  if (first < 0x80) return at + 1;
  if (at + 1 >= bytes.length) return bytes.length;
  const second = bytes[at + 1]!;
  switch (first) {
    case 0xc2:
      if (second >= 0x80 && second <= 0x9f) return endOfControl(bytes, at + 2, second - 0x40);
      // The soft hyphen.
      return second === 0xad ? at + 2 : at;
    case 0xd8:
      return second === 0x9c ? at + 2 : at;
    default:
      return isInvisible(first, second, bytes[at + 2]) ? Math.min(at + 3, bytes.length) : at;
  }
}

/** Zero-width characters, bidirectional controls and the byte order mark, complete or cut off. */
function isInvisible(first: number, second: number, third: number | undefined): boolean {
  if (first === 0xef) return second === 0xbb && (third === undefined || third === 0xbf);
  if (second !== 0x80 && second !== 0x81) return false;
  if (third === undefined) return true;
  if (second === 0x80) return (third >= 0x8b && third <= 0x8f) || (third >= 0xaa && third <= 0xae);
  return third === 0xa0 || (third >= 0xa6 && third <= 0xa9);
}

function endOfEscape(bytes: Uint8Array, at: number): number {
  const next = bytes[at + 1];
  if (next === undefined) return at + 1;
  if (next === 0x5b || isStringIntroducer(next)) return endOfControl(bytes, at + 2, next);
  const final = skip(bytes, at + 1, 0x20, 0x2f);
  return skip(bytes, final, 0x30, 0x7e, 1);
}

/** The end of the control sequence with the 7-bit form ESC `form`, whose parameters or text begin at `from`. */
function endOfControl(bytes: Uint8Array, from: number, form: number): number {
  if (form === 0x5b) {
    const final = skip(bytes, skip(bytes, from, 0x30, 0x3f), 0x20, 0x2f);
    return skip(bytes, final, 0x40, 0x7e, 1);
  }
  return isStringIntroducer(form) ? endOfString(bytes, from) : from;
}

/** Whether it is DCS, SOS, OSC, PM or APC, which all take a string. */
function isStringIntroducer(form: number): boolean {
  return form === 0x50 || form === 0x58 || form === 0x5d || form === 0x5e || form === 0x5f;
}

/** The string ends with BEL or ST, or, when it is not terminated, at the end of the line or where another sequence begins. */
function endOfString(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    const code = bytes[at]!;
    if (code === bell) return at + 1;
    if (code === 0xc2 && bytes[at + 1] === 0x9c) return at + 2;
    if (code === esc) return bytes[at + 1] === 0x5c ? at + 2 : at;
    if (code === 0x0a || code === 0x0d || code === 0x18 || code === 0x1a) return at;
  }
  return bytes.length;
}

/** The index after the bytes from `low` to `high` that follow, at most `max` of them. */
function skip(bytes: Uint8Array, from: number, low: number, high: number, max = Number.POSITIVE_INFINITY): number {
  let at = from;
  while (at < bytes.length && at - from < max && bytes[at]! >= low && bytes[at]! <= high) at += 1;
  return at;
}
