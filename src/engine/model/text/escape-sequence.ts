const bell = 0x07;
const esc = 0x1b;
const csi = 0x9b;
const stringTerminator = 0x9c;

/** The index after the escape sequence that begins at `at`; `at` itself when none begins there. */
export function endOfSequence(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === csi) return endOfCsi(text, at + 1);
  if (isStringIntroducer(code - 0x40)) return endOfString(text, at + 1);
  if (code !== esc) return at;
  const next = text.charCodeAt(at + 1);
  if (next === 0x5b) return endOfCsi(text, at + 2);
  if (isStringIntroducer(next)) return endOfString(text, at + 2);
  const final = skip(text, at + 1, 0x20, 0x2f);
  return skip(text, final, 0x30, 0x7e, 1);
}

/** Whether the escape sequence is ESC [ digits m, with `;` and `:` between them, and nothing else. */
export function isSgr(text: string, from: number, end: number): boolean {
  if (end - from < 3 || text.charCodeAt(from) !== esc || text[from + 1] !== '[' || text[end - 1] !== 'm') return false;
  return skip(text, from + 2, 0x30, 0x3b) === end - 1;
}

/** Whether it is the second byte of the 7-bit form of DCS, SOS, OSC, PM or APC, which all take a string. */
function isStringIntroducer(code: number): boolean {
  return code === 0x50 || code === 0x58 || code === 0x5d || code === 0x5e || code === 0x5f;
}

function endOfCsi(text: string, from: number): number {
  const intermediate = skip(text, from, 0x30, 0x3f);
  const final = skip(text, intermediate, 0x20, 0x2f);
  return skip(text, final, 0x40, 0x7e, 1);
}

/** The string ends with BEL or ST, or, when it is not terminated, at the end of the line or where another sequence begins. */
function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === bell || code === stringTerminator) return at + 1;
    if (code === esc) return text.charCodeAt(at + 1) === 0x5c ? at + 2 : at;
    if (code === 0x0a || code === 0x0d || code === 0x18 || code === 0x1a) return at;
  }
  return text.length;
}

/** The index after the characters from `low` to `high` that follow, at most `max` of them. */
function skip(text: string, from: number, low: number, high: number, max = Number.POSITIVE_INFINITY): number {
  let at = from;
  while (at < text.length && at - from < max) {
    const code = text.charCodeAt(at);
    if (code < low || code > high) break;
    at += 1;
  }
  return at;
}
