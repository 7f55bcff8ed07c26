import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../../../src/engine/spec/build/compile-pattern.ts';

function matches(source: string, text: string): boolean {
  const pattern = compilePattern(source);
  if (typeof pattern === 'string') throw new Error(`${source}: ${pattern}`);
  return pattern(text);
}

describe('a pattern', () => {
  it.each([
    ['^\\d{4}(-\\d{4})?$', '2023-2024', true],
    ['^\\d{4}(-\\d{4})?$', '2023-', false],
    ['week', 'last week of', true],
    ['^\\p{Lu}.$', 'É😀', true],
    ['^(?!test)\\w+$', 'test_1', false],
    ['^(?<day>\\d\\d)-\\k<day>$', '07-07', true],
  ])('is a JavaScript regular expression: %s on %j', (source, text, expected) => {
    expect(matches(source, text)).toBe(expected);
  });

  it('does not match a text of more than a thousand characters', () => {
    expect(matches('^a+$', 'a'.repeat(1_000))).toBe(true);
    expect(matches('^a+$', 'a'.repeat(1_001))).toBe(false);
  });

  it.each([
    ['[', 'unterminated character class'],
    ['(', 'unterminated group'],
    ['a**', 'nothing to repeat'],
  ])('that is invalid is refused with a reason: %s', (source, words) => {
    expect(compilePattern(source)).toContain(words);
  });
});
