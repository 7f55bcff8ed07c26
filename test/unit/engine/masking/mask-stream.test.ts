import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSecrets } from '../../../../src/engine/masking/compile-secrets.ts';
import { maskStream, maskText } from '../../../../src/engine/masking/mask-stream.ts';
import { displayColoured, displayText } from '../../../../src/engine/model/text/display-text.ts';

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

  it('does not wait for the line after one that ends with the first letters of a secret', () => {
    const parts: string[] = [];
    const mask = maskStream(compileSecrets(['sesame-open']), (bytes) => parts.push(Buffer.from(bytes).toString()));
    for (const line of ['loading games\n', 'this is base\n', 'yes\n', 'se\n', 'ses\n']) {
      mask.write(Buffer.from(line));
      expect(parts.join('')).toMatch(new RegExp(`${line}$`));
    }
    mask.write(Buffer.from('sesa\n'));
    expect(parts.join('')).toMatch(/ses\n$/);
    mask.write(Buffer.from('me-open\n'));
    expect(parts.join('')).toMatch(/ses\n\*\*\*\n$/);
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

  it('is masked in the text of a sequence, with the sequence', () => {
    expect(masked('in \x1b]0;CanaryToken\x07ok')).toBe('in ***\x1b[mok');
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

  it('does not appear when a chunk ends within a sequence in which a secret may begin', () => {
    const text = '\u200bébébaécb\x1b]0;ab\x1b[aé\x1bPq\u009cbccccéab\u009b0méaéébé';
    const secrets = ['aébccccéa', 'éaéébé', 'caabéaabc', 'ébébaécbb'];
    const shown = displayText(maskInChunks(secrets, text, [24]));
    for (const secret of secrets) expect(shown).not.toContain(secret);
  });

  it('does not appear because stars in a sequence change where it ends', () => {
    const secrets = ['accé', 'cbabébcb', 'bbabc', 'éacc'];
    const shown = displayText(maskText(compileSecrets(secrets), 'b\x1bbabc\x1b[accé\x1bc\x1b[1;31mbabébcb'));
    for (const secret of secrets) expect(shown).not.toContain(secret);
  });

  it('does not appear because a sequence without an end takes the stars for its own', () => {
    const secrets = ['éébccéé', 'écaabca', 'éébéa'];
    const text = 'é\x1b[écaabca\x1b]0;aéébéaé\x1b[1;31mébccéé';
    const shown = displayText(maskText(compileSecrets(secrets), text));
    for (const secret of secrets) expect(shown).not.toContain(secret);
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

// Each of its characters means something to some program, so that it is written in another way there.
const special = `Kañ🏈ry/Tok3n+"it's" <of>&the$run\\100% end`;

describe('a secret is recognised as programs write it', () => {
  const masked = (text: string) => maskText(compileSecrets([special]), text);
  const codeUnits = (text: string) =>
    text.replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const octal = (text: string) =>
    text.replace(/[^\x20-\x7e]+/gu, (run) => {
      const codes = [...Buffer.from(run)].map((byte) => `\\${byte.toString(8)}`);
      return `'$'${codes.join('')}''`;
    });

  it.each([
    ['Python in the path of a URL', encodeURIComponent(special).replaceAll('%2F', '/')],
    ['a URL in which only some is escaped', encodeURI(special)],
    ['a URL in small letters', encodeURIComponent(special).replace(/%../g, (code) => code.toLowerCase())],
    ['a form', new URLSearchParams({ '': special }).toString().slice(1)],
    ['Python in JSON', codeUnits(JSON.stringify(special).slice(1, -1))],
    ['PHP in JSON', codeUnits(JSON.stringify(special).slice(1, -1)).replaceAll('/', '\\/')],
    ['JSON within JSON', JSON.stringify(JSON.stringify(special).slice(1, -1)).slice(1, -1)],
    ['bash -x', special.replaceAll("'", "'\\''")],
    ['a shell in two kinds of quotes', special.replaceAll("'", `'"'"'`)],
    ['bash in printf %q', special.replace(/[^\w/+%ñ🏈]/gu, '\\$&')],
    ['ls of a file that is not there', octal(special.replaceAll("'", "'\\''"))],
    ['SQL', special.replaceAll("'", "''")],
    ['CSV', special.replaceAll('"', '""')],
    ['HTML', special.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`)],
    ['XML', special.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')],
  ])('%s', (_, shape) => {
    expect(masked(`<${shape}>`)).toBe('<***>');
  });

  it.each([4, 5, 10, 20])('in lines of %i characters, also indented', (width) => {
    const secret = 'correct/horse+battery?staple';
    for (const indent of ['\n', '\n    ', '\r\n', ...(width > 8 ? ['\\\n'] : [])]) {
      const text = [...secret].map((one, at) => (at > 0 && at % width === 0 ? `${indent}${one}` : one)).join('');
      expect(maskText(compileSecrets([secret]), `<${text}>`)).toBe('<***>');
    }
  });

  it('with its words on lines of their own', () => {
    expect(maskText(compileSecrets(['correct horse battery']), '- correct\n  horse\r\n  battery.')).toBe('- ***.');
  });

  it('whichever of its characters are escaped, however the output is cut into chunks', () => {
    const escapes = (one: string) => [
      one,
      ...(one === ' ' ? ['+'] : []),
      [...Buffer.from(one)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
      `&#${one.codePointAt(0)};`,
      codeUnits(one),
    ];
    const written = fc
      .tuple(...[...special].slice(8).map((one) => fc.constantFrom(...escapes(one))))
      .map((rest) => [...special].slice(0, 8).join('') + rest.join(''));
    fc.assert(
      fc.property(written, fc.array(fc.nat(), { maxLength: 12 }), (text, cuts) => {
        expect(maskInChunks([special], `a ${text} b`, cuts)).toBe('a *** b');
      }),
      { numRuns: 500 },
    );
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

it('of a secret whose letters are coloured one by one shows nothing in colours either, wherever the output is cut', () => {
  const secret = 'hunter2-hunter2';
  const coloured = [...secret].map((letter, index) => `\x1b[3${index % 8};1m${letter}`).join('');
  const output = Buffer.from(`login \x1b[32m${coloured}\x1b[0m done`);
  for (let cut = 0; cut <= output.length; cut += 1) {
    const parts: Buffer[] = [];
    const mask = maskStream(compileSecrets([secret]), (bytes) => parts.push(Buffer.from(bytes)));
    mask.write(output.subarray(0, cut));
    mask.write(output.subarray(cut));
    mask.end();
    const { text, looks } = displayColoured(Buffer.concat(parts).toString());
    expect(text).toBe('login *** done');
    expect(looks.at(-1)?.look ?? {}).toEqual({});
  }
});
