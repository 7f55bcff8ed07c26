/** Shorter values are not masked: they occur within ordinary words. */
const minSecretLength = 4;
const minEncodedLength = 6;
/** Beyond these limits the variants with line breaks would take too much memory. */
const maxSecretsWithBreaks = 200;
const maxLengthWithBreaks = 8_192;

/** The search tables for `findSecretMatches`. Build them once per run; they contain the secrets. */
export type SecretPatterns = {
  readonly patterns: readonly Uint8Array[];
  readonly longest: number;
  readonly shortest: number;
  /** By the last two bytes of a window of `shortest` bytes: how far the window may move without missing a match. */
  readonly shift: Uint8Array;
  /** By the same two bytes when the window may not move: the patterns that may start at the window. */
  readonly candidates: ReadonlyMap<number, readonly Uint8Array[]>;
  /** The patterns by their first two bytes. */
  readonly byStart: ReadonlyMap<number, readonly Uint8Array[]>;
  /** 1 for each byte, and each pair of bytes, that begins a pattern: faster than a lookup in the map. */
  readonly firstByte: Uint8Array;
  readonly firstBytes: Uint8Array;
};

/**
 * Compiles all forms in which `secrets` may occur in a program's output: literal, URL-encoded, as a JSON string, in a
 * shell's single quotes, in hexadecimal, in base64 at any alignment and with line breaks, and line by line. The search
 * algorithm is Wu-Manber (1994), which skips most bytes.
 */
export function compileSecrets(secrets: readonly string[]): SecretPatterns | undefined {
  const texts = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < minSecretLength) continue;
    texts.add(secret);
    for (const encoding of encodingsOf(
      secret,
      secrets.length <= maxSecretsWithBreaks && secret.length <= maxLengthWithBreaks,
    ))
      if (encoding.length >= minEncodedLength) texts.add(encoding);
  }
  if (texts.size === 0) return undefined;
  const patterns = [...texts].map((text) => Buffer.from(text, 'utf8'));
  const lengths = patterns.map((pattern) => pattern.length);
  const shortest = Math.min(255, ...lengths);
  const shift = new Uint8Array(0x10000).fill(shortest - 1);
  const candidates = new Map<number, Uint8Array[]>();
  const byStart = new Map<number, Uint8Array[]>();
  const firstByte = new Uint8Array(256);
  const firstBytes = new Uint8Array(0x10000);
  for (const pattern of patterns) {
    for (let end = 1; end < shortest; end++) {
      const block = (pattern[end - 1]! << 8) | pattern[end]!;
      shift[block] = Math.min(shift[block]!, shortest - 1 - end);
      if (end === shortest - 1) addTo(candidates, block, pattern);
    }
    const start = (pattern[0]! << 8) | pattern[1]!;
    addTo(byStart, start, pattern);
    firstByte[pattern[0]!] = 1;
    firstBytes[start] = 1;
  }
  return { patterns, longest: Math.max(...lengths), shortest, shift, candidates, byStart, firstByte, firstBytes };
}

function addTo(map: Map<number, Uint8Array[]>, key: number, pattern: Uint8Array): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [pattern]);
  else list.push(pattern);
}

function encodingsOf(secret: string, broken: boolean): readonly string[] {
  const encoded = encodeUri(secret);
  const strict = encoded.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const urls = [encoded, strict, strict.replaceAll('%20', '+')];
  const lowerCase = urls.map((url) => url.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()));
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const quoted = secret.replaceAll("'", "'\\''");
  const hex = Buffer.from(secret, 'utf8').toString('hex');
  return [
    ...urls,
    ...lowerCase,
    JSON.stringify(secret).slice(1, -1),
    quoted,
    ...lines,
    hex,
    hex.toUpperCase(),
    ...base64Variants(secret, broken),
  ];
}

/**
 * For each of the three alignments, the base64 characters that do not depend on the bytes around the secret: on one line,
 * and wrapped at 76 characters (as `base64` does) and at 64 (as openssl does), at every possible position.
 */
function base64Variants(secret: string, broken: boolean): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const whole = padded.subarray(0, padded.length - (padded.length % 3));
    const text = whole.toString('base64').slice(before === 0 ? 0 : before + 1);
    const lines = broken ? [...brokenLines(text, 76), ...brokenLines(text, 64)] : [];
    return [text, text.replaceAll('+', '-').replaceAll('/', '_'), ...lines];
  });
}

function brokenLines(text: string, width: number): readonly string[] {
  const variants: string[] = [];
  for (let first = 1; first <= Math.min(width, text.length - 1); first += 1) {
    const lines = [text.slice(0, first)];
    for (let at = first; at < text.length; at += width) lines.push(text.slice(at, at + width));
    variants.push(lines.join('\n'));
  }
  return variants;
}

/** A lone surrogate would make the encoder throw; converted to UTF-8, as for the task's environment, it is U+FFFD. */
function encodeUri(text: string): string {
  return encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'));
}
