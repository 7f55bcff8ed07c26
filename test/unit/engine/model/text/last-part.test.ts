import fc from 'fast-check';
import { expect, test } from 'vitest';
import { displayText } from '../../../../../src/engine/model/text/display-text.ts';
import { lastPart } from '../../../../../src/engine/model/text/last-part.ts';

test.each([
  ['abcdef', 3, 'def'],
  ['abc', 3, 'abc'],
  ['a🏈bc', 3, 'bc'],
  ['ab\x1b[31mred', 6, 'red'],
  ['ab\x1b[31mred', 8, '\x1b[31mred'],
  ['\x1b]0;a title\x07text', 9, 'text'],
  ['\x1b]0;a title\x1b\\text', 5, 'text'],
  ['\x1b]0;a title\x1b\\text', 12, 'text'],
  ['\x1b]0;never ended\nnext line', 15, '\nnext line'],
  ['\u009b31mred', 5, 'red'],
  ['\x1b[3', 1, ''],
])('of %j the last %i characters are %j', (text, most, expected) => {
  expect(lastPart(text, most)).toBe(expected);
});

test('what is shown of it is the end of what is shown of the whole', () => {
  const words = fc.array(
    fc.oneof(
      fc.constantFrom(
        '🏈',
        'x',
        '\x1b[0m',
        '\x1b[38;5;196m',
        '\x1b]8;;http://a.b/c\x07',
        '\x1b]0;t\x1b\\',
        '\x1b(B',
        '\u009b1m',
      ),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(words, fc.nat(60), (parts, most) => {
      const text = parts.join('');
      const last = lastPart(text, most);
      expect(last.length).toBeLessThanOrEqual(most);
      expect(displayText(text).endsWith(displayText(last))).toBe(true);
    }),
  );
});
