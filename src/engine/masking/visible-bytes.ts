/** What is seen of some output, and where each piece of it stands. */
export type VisibleBytes = {
  readonly bytes: Uint8Array;
  /** Where the visible byte `index` stands in the output. */
  readonly offsetOf: (index: number) => number;
};

const esc = 0x1b;
const bell = 0x07;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** 0: always seen; 1: never, or the beginning of what may not be seen. */
const suspicious = new Uint8Array(256);
for (let code = 0; code < 0x20; code += 1) suspicious[code] = code === 0x09 || code === lineFeed ? 0 : 1;
for (const lead of [0x7f, 0xc2, 0xd8, 0xe2, 0xef]) suspicious[lead] = 1;

/** Used again by each call: output comes in many small pieces. */
let seen = new Uint8Array(0);
let places = new Uint32Array(0);

/**
 * `bytes` (UTF-8, or anything) without escape sequences and invisible characters: what displayText takes out before
 * it shows a text, and what a terminal would not show. Undefined when all of it is seen. What is cut off at the end
 * and may go on as a sequence is not seen. The answer is good until the next call.
 */
export function visibleBytes(bytes: Uint8Array): VisibleBytes | undefined {
  const length = bytes.length;
  let at = nextSuspicious(bytes, 0);
  let end = at;
  // Most output that holds a suspicious byte holds letters with accents, or lines and signs, and hides nothing.
  while (at < length) {
    end = endOfHidden(bytes, at);
    if (end > at) break;
    at = nextSuspicious(bytes, at + 1);
  }
  if (at === length) return undefined;
  if (seen.length < length) {
    seen = new Uint8Array(2 * length);
    places = new Uint32Array(2 * length);
  }
  seen.set(bytes.subarray(0, at));
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
    seen[count] = bytes[at]!;
    places[count] = at;
    count += 1;
    at += 1;
  }
  return { bytes: seen.subarray(0, count), offsetOf: (index) => (index < first ? index : places[index]!) };
}

function nextSuspicious(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && suspicious[bytes[at]!] === 0) at += 1;
  return at;
}

/** Where what is hidden at `at` ends; `at` itself when it is seen. */
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

/** Zero-width characters, those that turn the direction of writing, the byte order mark; or what may become one. */
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

/** Behind the control with the 7-bit form ESC `form`, whose parameters or text begin at `from`. */
function endOfControl(bytes: Uint8Array, from: number, form: number): number {
  if (form === 0x5b) {
    const final = skip(bytes, skip(bytes, from, 0x30, 0x3f), 0x20, 0x2f);
    return skip(bytes, final, 0x40, 0x7e, 1);
  }
  return isStringIntroducer(form) ? endOfString(bytes, from) : from;
}

/** DCS, SOS, OSC, PM and APC, which all take a text. */
function isStringIntroducer(form: number): boolean {
  return form === 0x50 || form === 0x58 || form === 0x5d || form === 0x5e || form === 0x5f;
}

/** The text ends with BEL or ST, at the end of the line, or where another sequence begins. */
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

/** Behind the bytes from `low` to `high` that follow, `most` of them at most. */
function skip(bytes: Uint8Array, from: number, low: number, high: number, most = Number.POSITIVE_INFINITY): number {
  let at = from;
  while (at < bytes.length && at - from < most && bytes[at]! >= low && bytes[at]! <= high) at += 1;
  return at;
}
