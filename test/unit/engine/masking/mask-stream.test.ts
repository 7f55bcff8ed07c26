import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSecrets } from '../../../../src/engine/masking/compile-secrets.ts';
import { maskStream, maskText } from '../../../../src/engine/masking/mask-stream.ts';
import { displayText } from '../../../../src/engine/model/text/display-text.ts';

// Few letters, so that secrets occur, overlap, and begin where others end.
const letters = fc.constantFrom('a', 'b', 'c', 'é');
const secretsOf = fc.array(fc.string({ unit: letters, minLength: 4, maxLength: 9 }), { minLength: 1, maxLength: 5 });

/** Secrets in a row of other text, and now and then only their beginnings. */
const textWith = (secrets: readonly string[]) =>
  fc
    .array(
      fc.oneof(
        fc.string({ unit: letters, maxLength: 12 }),
        fc.constantFrom(...secrets),
        fc.constantFrom(...secrets.map((secret) => secret.slice(0, -1))),
      ),
      { maxLength: 20 },
    )
    .map((parts) => parts.join(''));

const sample = secretsOf.chain((secrets) =>
  fc.record({ secrets: fc.constant(secrets), text: textWith(secrets), cuts: fc.array(fc.nat(), { maxLength: 12 }) }),
);

/** What masking means, without a thought for speed: bytes that any secret covers, in runs that overlap, are one `***`. */
function maskSlowly(secrets: readonly string[], text: string): string {
  const bytes = Buffer.from(text);
  const spans: { start: number; end: number }[] = [];
  for (let start = 0; start < bytes.length; start++) {
    const ends = secrets
      .map((secret) => Buffer.from(secret))
      .filter((secret) => bytes.subarray(start, start + secret.length).equals(secret))
      .map((secret) => start + secret.length);
    if (ends.length === 0) continue;
    const last = spans.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, ...ends);
    else spans.push({ start, end: Math.max(...ends) });
  }
  let masked = Buffer.alloc(0);
  let done = 0;
  for (const { start, end } of spans) {
    masked = Buffer.concat([masked, bytes.subarray(done, start), Buffer.from('***')]);
    done = end;
  }
  return Buffer.concat([masked, bytes.subarray(done)]).toString();
}

function maskInChunks(secrets: readonly string[], text: string, cuts: readonly number[]): string {
  const bytes = Buffer.from(text);
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const parts: Buffer[] = [];
  const mask = maskStream(compileSecrets(secrets), (piece) => parts.push(Buffer.from(piece)));
  // One buffer for all chunks, as the pipes have it.
  const shared = Buffer.alloc(bytes.length);
  [...places, bytes.length].reduce((from, to) => {
    bytes.copy(shared, 0, from, to);
    mask.write(shared.subarray(0, to - from));
    shared.fill(0);
    return to;
  }, 0);
  mask.end();
  return Buffer.concat(parts).toString();
}

describe('masking', () => {
  it('hides every secret in full and nothing else', () => {
    fc.assert(
      fc.property(sample, ({ secrets, text }) => {
        expect(maskText(compileSecrets(secrets), text)).toBe(maskSlowly(secrets, text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not depend on how the output is cut into chunks', () => {
    fc.assert(
      fc.property(sample, ({ secrets, text, cuts }) => {
        const masked = maskInChunks(secrets, text, cuts);
        expect(masked).toBe(maskSlowly(secrets, text));
        for (const secret of secrets) expect(masked).not.toContain(secret);
      }),
      { numRuns: 2_000 },
    );
  });

  it('holds back only what can become a secret', () => {
    const parts: string[] = [];
    const mask = maskStream(compileSecrets(['password']), (bytes) => parts.push(Buffer.from(bytes).toString()));
    mask.write(Buffer.from('progress 10 %\r'));
    expect(parts.join('')).toBe('progress 10 %\r');
    mask.write(Buffer.from('pass'));
    expect(parts.join('')).toBe('progress 10 %\r');
    mask.end();
    expect(parts.join('')).toBe('progress 10 %\rpass');
  });
});

// What a terminal obeys or does not show, whole, without an end, and cut off in the middle.
const hidden = fc.constantFrom(
  ...['\x1b[1;31m', '\x1b[m\x1b[K', '\x1b]0;ab\x07', '\x1b]8;;a\x1b\\', '\x9b0m', '\x1b(B', '\x1bM', '\x1bPq\x9c'],
  ...['\x1b', '\x1b[', '\x1b]0;a', '\u200b', '\ufeff', '\u202e', '\u2066', '\u00ad', '\0', '\x07', '\x7f'],
);

const coloured = secretsOf.chain((secrets) =>
  fc.record({
    secrets: fc.constant(secrets),
    text: fc
      .array(fc.oneof(hidden, letters, fc.constantFrom(...secrets).chain(splitBy)), { maxLength: 12 })
      .map((parts) => parts.join('')),
    cuts: fc.array(fc.nat(), { maxLength: 12 }),
  }),
);

/** A secret with something hidden in it. */
function splitBy(secret: string) {
  return fc
    .tuple(fc.nat(secret.length), hidden)
    .map(([at, between]) => secret.slice(0, at) + between + secret.slice(at));
}

describe('a secret within escape sequences', () => {
  const masked = (text: string) => maskText(compileSecrets(['CanaryToken']), text);

  it.each([
    ['a colour', 'Canary\x1b[1;31mToken'],
    ['what grep --color writes', '\x1b[01;31m\x1b[KCanary\x1b[m\x1b[KToken'],
    ['a title', 'Can\x1b]0;title\x07aryToken'],
    ['a link', 'Can\x1b]8;;http://x\x1b\\aryToken'],
    ['an 8-bit sequence', 'Can\u009b31maryToken'],
    ['a zero-width space', 'Can\u200baryToken'],
    ['a mark of direction', 'Can\u202earyToken'],
    ['a byte that is not shown', 'Can\0ary\x7fToken'],
    ['a colour for each letter', [...'CanaryToken'].map((letter) => `\x1b[3${letter.length}m${letter}`).join('')],
  ])('is masked: %s', (_, text) => {
    expect(displayText(`<${masked(text)}>`)).toBe('<***>');
  });

  it('is masked, and the colour ends after it', () => {
    expect(masked('a \x1b[31mCanary\x1b[mToken b')).toBe('a \x1b[31m***\x1b[m b');
  });

  it('is masked in the text of a sequence', () => {
    expect(masked('\x1b]0;CanaryToken\x07ok')).toBe('\x1b]0;***\x07ok');
  });

  it('leaves other colours unchanged', () => {
    const text = '\x1b[32mok\x1b[m Canary \x1b[31mToken\x1b[m ✓ „gut“';
    expect(masked(text)).toBe(text);
  });

  it('does not appear when the sequences are removed, however the output is cut into chunks', () => {
    fc.assert(
      fc.property(coloured, ({ secrets, text, cuts }) => {
        const shown = displayText(maskInChunks(secrets, text, cuts));
        for (const secret of secrets) expect(shown).not.toContain(secret);
      }),
      { numRuns: 3_000 },
    );
  });

  it('does not make it hold back a sequence without an end', () => {
    let count = 0;
    const mask = maskStream(compileSecrets(['CanaryToken']), (bytes) => {
      count += bytes.length;
    });
    mask.write(Buffer.from('Can\x1b]0;'));
    for (let round = 0; round < 200; round += 1) mask.write(Buffer.alloc(10_000, 'x'));
    expect(count).toBeGreaterThan(1_900_000);
  });
});

describe('a secret is recognised', () => {
  const secret = 'p/ä ss+w\'o"rd&1\n2nd line';
  const masked = (text: string) => maskText(compileSecrets([secret]), text);

  it.each([
    ['as it is', secret],
    ['in a URL', encodeURIComponent(secret)],
    ['in a form', new URLSearchParams({ '': secret }).toString().slice(1)],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in single quotes of a shell', secret.replaceAll("'", "'\\''")],
    ['line by line', '2nd line'],
    ['in hexadecimal', Buffer.from(secret).toString('hex')],
    ['in capital hexadecimal', Buffer.from(secret).toString('hex').toUpperCase()],
  ])('%s', (_, shape) => {
    expect(masked(`<${shape}>`)).toBe('<***>');
  });

  it.each([0, 1, 2])('in base64, %i bytes after its start', (before) => {
    const text = Buffer.from(`${'-'.repeat(before)}${secret}`).toString('base64');
    expect(masked(text)).toMatch(/^.{0,3}\*\*\*.{0,4}$/);
  });

  it.each([
    [64, '\n'],
    [76, '\n'],
    [76, '\r\n'],
  ])('in base64 in lines of %i characters and %j, wherever it begins', (width, lineBreak) => {
    const long = 'v1.0-3a7c6f0b1d2e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e';
    for (let before = 0; before < 80; before += 1) {
      const text = Buffer.from(`${'-'.repeat(before)}${long}`).toString('base64');
      const lines = text.replace(new RegExp(`.{${width}}`, 'g'), `$&${lineBreak}`);
      const left = maskText(compileSecrets([long]), lines)
        .replaceAll(lineBreak, '')
        .replace(/^(LS0t)*/, '');
      expect(left).toMatch(/^.{0,3}\*\*\*.{0,4}$/);
    }
  });

  it('but not one so short that it would match everywhere', () => {
    expect(maskText(compileSecrets(['etl', '']), 'etl-tui')).toBe('etl-tui');
  });
});
