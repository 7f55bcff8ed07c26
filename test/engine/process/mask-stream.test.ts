import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskStream, maskText } from '../../../src/engine/process/mask-stream.ts';
import { compileSecrets } from '../../../src/engine/process/secret-patterns.ts';

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
  it('hides all of every secret and nothing else', () => {
    fc.assert(
      fc.property(sample, ({ secrets, text }) => {
        expect(maskText(compileSecrets(secrets), text)).toBe(maskSlowly(secrets, text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not depend on where the output is cut', () => {
    fc.assert(
      fc.property(sample, ({ secrets, text, cuts }) => {
        const masked = maskInChunks(secrets, text, cuts);
        expect(masked).toBe(maskSlowly(secrets, text));
        for (const secret of secrets) expect(masked).not.toContain(secret);
      }),
      { numRuns: 2_000 },
    );
  });

  it('holds nothing back that cannot become a secret', () => {
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
  ])('%s', (_, shape) => {
    expect(masked(`<${shape}>`)).toBe('<***>');
  });

  it.each([0, 1, 2])('in base64, %i bytes further on', (before) => {
    const text = Buffer.from(`${'-'.repeat(before)}${secret}`).toString('base64');
    expect(masked(text)).toMatch(/^.{0,3}\*\*\*.{0,4}$/);
  });

  it('but not one so short that it would be found everywhere', () => {
    expect(maskText(compileSecrets(['etl', '']), 'etl-tui')).toBe('etl-tui');
  });
});
