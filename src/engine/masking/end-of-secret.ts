/** What `endOfSecret` returns when there is no secret, or when the bytes end before the secret does. */
const differs: number = -1;
export const cutOff = 0;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const percent = 0x25;
const ampersand = 0x26;
const backslash = 0x5c;
const doubleQuote = 0x22;
const singleQuote = 0x27;

/** A line that holds less of a secret than this is no sign of one, so that nobody waits for the line after it. */
export const minOnFirstLine = 4;

/** How HTML and XML write what has a meaning in them, without the `&`. */
const entities: readonly (readonly [name: string, code: number])[] = [
  ['amp;', ampersand],
  ['lt;', 0x3c],
  ['gt;', 0x3e],
  ['quot;', doubleQuote],
  ['apos;', singleQuote],
];
const longestEntity = 10;
/** What a backslash makes of a letter. */
const letters: ReadonlyMap<number, number> = new Map(
  Object.entries({ n: 0x0a, r: 0x0d, t: 0x09, b: 0x08, f: 0x0c }).map(([letter, code]) => [letter.charCodeAt(0), code]),
);

/**
 * The end of `secret` in `bytes` from `start`, as programs write it: any of its characters may be escaped as in a URL, in
 * JSON, in a shell or in HTML; quotes and backslashes may stand between them, as where quoted texts are put together; and
 * lines may be broken anywhere behind the first four, also with an indentation.
 */
export function endOfSecret(secret: Uint8Array, bytes: Uint8Array, start: number): number {
  choicesLeft = maxChoices;
  return endFrom(secret, 0, bytes, start);
}

/** What begins an escape may also stand for itself; then both are tried, but not in every combination. */
const maxChoices = 64;
let choicesLeft = maxChoices;

/** The end of what the secret has from `index` on. */
function endFrom(secret: Uint8Array, from: number, bytes: Uint8Array, start: number): number {
  let at = start;
  let index = from;
  let otherwise = differs;
  while (index < secret.length) {
    const same = ordinaryInCommon(secret, index, bytes, at);
    at += same;
    index += same;
    if (index === secret.length) return at;
    const byte = bytes[at];
    if (byte === secret[index]) {
      const read = isEscaping(byte) && choicesLeft > 0 ? readEscape(secret, index, bytes, at) : undefined;
      if (typeof read === 'object') {
        choicesLeft -= 1;
        const end = endFrom(secret, read.index, bytes, read.at);
        if (end > cutOff) return end;
        otherwise = Math.max(otherwise, end);
      } else if (read === 'cut off') otherwise = cutOff;
      at += 1;
      index += 1;
      if (byte === lineFeed) [at, index] = [afterBlanks(bytes, at), afterBlanks(secret, index)];
      continue;
    }
    if (byte === undefined) return cutOff;
    const broken = afterLineBreak(bytes, at);
    if (broken !== undefined) {
      if (index < minOnFirstLine) return otherwise;
      at = broken;
      // Lines are also broken in place of a blank.
      index = afterBlanks(secret, index);
      continue;
    }
    const read = readEscape(secret, index, bytes, at);
    if (read === 'cut off') return cutOff;
    if (read !== undefined) ({ at, index } = read);
    else if (isQuoting(bytes, at)) at += 1;
    else return otherwise;
  }
  return at;
}

/** How many bytes are the same from there on and stand for themselves. */
function ordinaryInCommon(secret: Uint8Array, index: number, bytes: Uint8Array, at: number): number {
  const most = Math.min(secret.length - index, bytes.length - at);
  let count = 0;
  while (count < most && bytes[at + count] === secret[index + count] && isOrdinary[secret[index + count]!] === 1)
    count += 1;
  return count;
}

/** Also the dollar sign before a quote, as in `'a'$'\\303\\244'`. */
function isQuoting(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  if (byte === 0x24) return bytes[at + 1] === singleQuote;
  return byte === singleQuote || byte === doubleQuote || byte === backslash;
}

/** The index after a line break, one behind a backslash included, and the indentation of the next line. */
function afterLineBreak(bytes: Uint8Array, from: number): number | undefined {
  let at = from;
  if (bytes[at] === backslash && (bytes[at + 1] === lineFeed || bytes[at + 1] === carriageReturn)) at += 1;
  if (bytes[at] === carriageReturn && (at + 1 === bytes.length || bytes[at + 1] === lineFeed)) at += 1;
  else if (bytes[at] !== lineFeed) return undefined;
  if (bytes[at] === lineFeed) at += 1;
  return afterBlanks(bytes, at);
}

function afterBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x09) at += 1;
  return at;
}

/** 1 for each byte that only stands for itself: most of them, compared in a tight loop. */
const isOrdinary = Uint8Array.from({ length: 256 }, (_, byte) => Number(byte !== lineFeed && !isEscaping(byte)));

function isEscaping(byte: number | undefined): boolean {
  return byte === percent || byte === ampersand || byte === backslash;
}

type Read = { readonly at: number; readonly index: number } | 'cut off' | undefined;

/** Reads what stands for the character at `index` of the secret, and is more than that character. */
function readEscape(secret: Uint8Array, index: number, bytes: Uint8Array, at: number): Read {
  switch (bytes[at]) {
    case percent:
      return readNumber(secret, index, bytes, at + 1, 2, 16);
    case 0x2b:
      return secret[index] === 0x20 ? { at: at + 1, index: index + 1 } : undefined;
    case ampersand:
      return readEntity(secret, index, bytes, at + 1);
    case backslash:
      return readBackslash(secret, index, bytes, at + 1);
    default:
      return undefined;
  }
}

function readBackslash(secret: Uint8Array, index: number, bytes: Uint8Array, at: number): Read {
  const next = bytes[at];
  if (next === undefined) return 'cut off';
  if (next === secret[index] || letters.get(next) === secret[index]) return { at: at + 1, index: index + 1 };
  if (next === 0x78) return readNumber(secret, index, bytes, at + 1, 2, 16);
  if (next === 0x75) return readUnicode(secret, index, bytes, at + 1);
  return next >= 0x30 && next <= 0x33 ? readNumber(secret, index, bytes, at, 3, 8) : undefined;
}

/** One byte in `digits` digits. */
function readNumber(
  secret: Uint8Array,
  index: number,
  bytes: Uint8Array,
  at: number,
  digits: number,
  base: number,
): Read {
  if (at + digits > bytes.length) return 'cut off';
  const code = numberAt(bytes, at, digits, base);
  return code === secret[index] ? { at: at + digits, index: index + 1 } : undefined;
}

/** Four digits, or twice four for a character beyond the first 65,536. */
function readUnicode(secret: Uint8Array, index: number, bytes: Uint8Array, at: number): Read {
  if (at + 4 > bytes.length) return 'cut off';
  const first = numberAt(bytes, at, 4, 16);
  if (first < 0xd800 || first > 0xdbff) return follow(secret, index, first, at + 4);
  if (at + 10 > bytes.length) return 'cut off';
  if (bytes[at + 4] !== backslash || bytes[at + 5] !== 0x75) return undefined;
  const second = numberAt(bytes, at + 6, 4, 16);
  return follow(secret, index, 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00), at + 10);
}

function readEntity(secret: Uint8Array, index: number, bytes: Uint8Array, at: number): Read {
  const text = Buffer.from(bytes.subarray(at, at + longestEntity)).toString('latin1');
  const end = text.indexOf(';');
  if (end === -1) return at + text.length === bytes.length && text.length < longestEntity ? 'cut off' : undefined;
  const named = entities.find(([name]) => text.startsWith(name));
  if (named !== undefined) return follow(secret, index, named[1], at + end + 1);
  const number = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}));/i.exec(text);
  if (number === null) return undefined;
  const [, hex, decimal] = number;
  return follow(secret, index, hex === undefined ? Number(decimal) : Number.parseInt(hex, 16), at + end + 1);
}

/** Goes on at `at` when the character `code` is what the secret has next. */
function follow(secret: Uint8Array, index: number, code: number, at: number): Read {
  if (!(code >= 0 && code <= 0x10ffff)) return undefined;
  const character = Buffer.from(String.fromCodePoint(code), 'utf8');
  const isNext = character.every((byte, offset) => byte === secret[index + offset]);
  return isNext ? { at, index: index + character.length } : undefined;
}

/** NaN where a character is no digit. */
function numberAt(bytes: Uint8Array, at: number, digits: number, base: number): number {
  let number = 0;
  for (let offset = 0; offset < digits; offset += 1) {
    const digit = digitOf(bytes[at + offset]!);
    number = digit < base ? number * base + digit : Number.NaN;
  }
  return number;
}

function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = (code | 0x20) - 0x61;
  return letter >= 0 && letter < 26 ? letter + 10 : Number.NaN;
}
