import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { displayText } from '../../../../src/engine/index.ts';
import { firstThatFits, fitText, fitTextRight, shortenMiddle } from '../../../../src/ui/primitives/text/fit-text.ts';
import { sliceText } from '../../../../src/ui/primitives/text/slice-text.ts';
import { textWidth } from '../../../../src/ui/primitives/text/text-width.ts';
import { wrapText, wrapWords } from '../../../../src/ui/primitives/text/wrap-text.ts';

const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.string());

describe('widths', () => {
  test('every character has the width that the terminal draws', () => {
    for (let code = 0x20; code < 0xd800; code += 1) {
      const character = String.fromCodePoint(code);
      const shown = displayText(character);
      if (textWidth(character) !== stringWidth(shown))
        expect.fail(`U+${code.toString(16)} is ${stringWidth(shown)} wide`);
    }
  });

  test('the width of a text is the one that the terminal draws', () => {
    fc.assert(fc.property(texts, (text) => textWidth(text) === stringWidth(displayText(text))));
  });
});

describe('fitting', () => {
  test.each([
    ['load', 6, 'load  '],
    ['load_games', 6, 'load_…'],
    ['load', 0, ''],
    ['', 3, '   '],
    ['東京の天気', 6, '東京 …'],
    ['👩‍👩‍👧 family', 4, '👩‍👩‍👧 …'],
    ['e\u0301te\u0301', 3, 'e\u0301te\u0301'],
    ['e\u0301te\u0301s', 3, 'e\u0301t…'],
  ])('%j in %i columns is %j', (text, width, fitted) => {
    expect(fitText(text, width)).toBe(fitted);
  });

  test.each([
    ['play_classification', 13, 'play_c…cation'],
    ['play_classification', 19, 'play_classification'],
    ['play_classification', 3, 'pl…'],
    ['東京の天気を取り込む', 9, '東京…込む'],
  ])('%j shortened in the middle to %i columns is %j', (text, width, shortened) => {
    expect(shortenMiddle(text, width)).toBe(shortened);
  });

  test('any text fits into exactly the given columns', () => {
    fc.assert(
      fc.property(texts, fc.nat(30), (text, width) => {
        expect(stringWidth(fitText(text, width))).toBe(width);
        expect(stringWidth(fitTextRight(text, width))).toBe(width);
        expect(stringWidth(shortenMiddle(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  test('a slice has the requested columns, and halves of wide characters are blank', () => {
    expect(sliceText('a東京b', 2, 5)).toBe(' 京');
    expect(sliceText('a東京b', 1, 4)).toBe('東 ');
    fc.assert(
      fc.property(texts, fc.nat(20), fc.nat(20), (text, from, length) => {
        const expected = Math.max(0, Math.min(textWidth(text), from + length) - from);
        expect(stringWidth(sliceText(text, from, from + length))).toBe(expected);
      }),
    );
  });

  test('the longest variant that fits is used', () => {
    const variants = ['exit 1, try 2/3 in 4s', 'try 2/3 in 4s', 'in 4s'];
    expect([30, 15, 6, 3].map((width) => firstThatFits(variants, width))).toEqual([
      'exit 1, try 2/3 in 4s',
      'try 2/3 in 4s',
      'in 4s',
      'in…',
    ]);
  });
});

describe('wrapping', () => {
  test('a log line is cut at the edge, a sentence between words', () => {
    expect(wrapText('batch=88 rows=1000', 10)).toEqual(['batch=88 r', 'ows=1000']);
    expect(wrapText('', 10)).toEqual(['']);
    expect(wrapText('東京の天気', 5)).toEqual(['東京', 'の天', '気']);
    // One cluster of three characters, each a column wide.
    expect(wrapText('\u{1d158}\u{1d165}\u{1d16e}', 2).join('')).toBe('\u{1d158}\u{1d165}\u{1d16e}');
    expect(wrapWords('waits for epa_aggregation and 3 more', 12)).toEqual([
      'waits for',
      'epa_aggregat',
      'ion and 3',
      'more',
    ]);
  });

  test('no row is wider than the space, and no text is lost', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 30 }), (text, width) => {
        const rows = wrapText(text, width);
        for (const row of rows) expect(stringWidth(row)).toBeLessThanOrEqual(width);
        expect(rows.join('')).toBe(displayText(text));
      }),
    );
  });
});
