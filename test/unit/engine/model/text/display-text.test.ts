import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayLines, displayText } from '../../../../../src/engine/model/text/display-text.ts';

const hostile: readonly (readonly [name: string, text: string, shown: string])[] = [
  ['a colour', 'a\x1b[31mred\x1b[0mb', 'aredb'],
  ['a colour in C1', 'a\x9b31mred\x9b0m', 'ared'],
  ['a colour with colons', '\x1b[38:2::255:0:0mx', 'x'],
  ['a cleared screen', '\x1b[2J\x1b[Hroot#', 'root#'],
  ['a private mode', '\x1b[?1049hx\x1b[?25l', 'x'],
  ['a sequence with intermediates', 'a\x1b[0 qb\x1b[!pc', 'abc'],
  ['a request for an answer', '\x1b[6n\x1b[c\x1b[>0qx', 'x'],
  ['a title', '\x1b]0;owned\x07after', 'after'],
  ['a title that ends with ST', '\x1b]2;owned\x1b\\after', 'after'],
  ['a title in C1', '\x9d0;owned\x9cafter', 'after'],
  ['a write to the clipboard', '\x1b]52;c;ZWNobyBwd25lZA==\x07after', 'after'],
  ['a link', '\x1b]8;;https://example.org\x1b\\text\x1b]8;;\x1b\\', 'text'],
  ['a device string', 'a\x1bPq#0;2;0;0;0\x1b\\b', 'ab'],
  ['an application command', 'a\x1b_Gf=100;AAAA\x1b\\b', 'ab'],
  ['a privacy message', 'a\x1b^secret\x1b\\b', 'ab'],
  ['a start of string', 'a\x1bXsecret\x1b\\b', 'ab'],
  ['C1 strings', 'a\x90q\x9cb\x98s\x9cc\x9ep\x9cd\x9fx\x9ce', 'abcde'],
  ['an unfinished title', 'before\x1b]0;never ends', 'before'],
  ['an unfinished sequence', 'before\x1b[12;3', 'before'],
  ['an escape at the end', 'before\x1b', 'before'],
  ['a sequence inside of another', 'a\x1b[3\x1b[1mb', 'ab'],
  ['a title that hides a sequence', '\x1b]0;a\x1b[31mb', 'b'],
  ['a string that is cancelled', 'a\x1bPq\x18b', 'a\u2418b'],
  ['a reset', 'a\x1bcb\x1b(0c\x1b#8d', 'abcd'],
  ['a sequence cut by a letter of elsewhere', 'a\x1b[31éb', 'aéb'],
  ['an escape before a letter of elsewhere', 'a\x1béb', 'aéb'],
  ['a line written over', 'rm -rf /\rall is well', 'rm -rf /\u240dall is well'],
  ['a line break', 'two\nlines', 'two\u240alines'],
  ['backspaces', 'evil\b\b\b\bgood', 'evil\u2408\u2408\u2408\u2408good'],
  ['a bell and a null', 'a\x07b\x00c', 'a\u2407b\u2400c'],
  ['a delete', 'a\x7fb', 'a\u2421b'],
  ['a lone ST and another C1', 'a\x9cb\x85c', 'a\ufffdb\ufffdc'],
  ['shifted character sets', 'a\x0eb\x0fc', 'a\u240eb\u240fc'],
  ['a turned direction', 'user\u202etxt.exe', 'usertxt.exe'],
  ['isolates and marks', 'a\u2066b\u2069c\u200fd\u061ce', 'abcde'],
  ['a byte order mark', '\ufeffid', 'id'],
  ['separators', 'a\u2028b\u2029c', 'a b c'],
  ['half a character', 'a\ud83db', 'a\ufffdb'],
  ['tabs', 'a\tbcd\te', 'a       bcd     e'],
];

const harmless = ['', 'plain', 'Zürich → 東京', '👩‍👩‍👧 family', 'e\u0301', '[31m without an escape', '100 %'];

describe('displayText', () => {
  test.each(hostile)('%s', (_name, text, shown) => {
    expect(displayText(text)).toBe(shown);
  });

  test.each(harmless)('leaves %j unchanged', (text) => {
    expect(displayText(text)).toBe(text);
  });

  test('removes every control sequence from any text', () => {
    const pieces = fc.constantFrom(
      '\x1b',
      '[',
      ']',
      '\x9b',
      '\x9d',
      '\x07',
      '\\',
      ';',
      'm',
      '\r',
      '\n',
      '\u202e',
      '\ud800',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.oneof(pieces, fc.string({ maxLength: 1 })) }),
    );
    fc.assert(
      fc.property(text, (given) => {
        const shown = displayText(given);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}\uFEFF]/u);
        expect(displayText(shown)).toBe(shown);
      }),
      { numRuns: 2_000 },
    );
  });

  test('takes linear time for sequences that never end', () => {
    const shown = displayText('\x1b]'.repeat(200_000) + '\x1b[1;'.repeat(200_000) + '\x9d'.repeat(200_000));
    expect(shown).toBe('');
  });
});

describe('displayLines', () => {
  test('splits output at both kinds of line break, without an empty last line', () => {
    expect(displayLines('one\r\ntwo\n\nfour\n')).toEqual(['one', 'two', '', 'four']);
    expect(displayLines('no break')).toEqual(['no break']);
    expect(displayLines('')).toEqual([]);
  });

  test('shows the last state of a progress bar', () => {
    expect(displayLines('10 %\r50 %\r100 %\ndone\r\r\n')).toEqual(['100 %', 'done']);
  });

  test('shows the lines after an unfinished sequence', () => {
    expect(displayLines('a\x1b]0;open\nb')).toEqual(['a', 'b']);
  });
});
