import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, type Pattern } from '../../../../src/engine/spec/build/compile-pattern.ts';

function compiled(source: string): Pattern {
  const pattern = compilePattern(source);
  if (typeof pattern === 'string') throw new Error(`${source}: ${pattern}`);
  return pattern;
}

describe('a pattern', () => {
  it.each([
    ['^\\d{4}(-\\d{4})?$', ['2023', '2023-2024', '2023-', ' 2023', '2023\n']],
    ['^(true|false)$', ['true', 'false', 'truefalse', '']],
    ['^[a-z_][\\w.-]*$', ['a', 'a.b-c', '1a', 'a b']],
    ['week', ['week', 'last week of', 'wee']],
    ['', ['', 'x']],
    ['^(?:a|b|)+$', ['', 'ab', 'abc']],
    ['^(?<year>\\d+)\\b.\\B$', ['7 ', '7x', '77']],
    ['^\\p{Lu}\\u00e9\\u{1F600}.$', ['Éé😀x', 'Éé😀😀', 'éé😀x']],
    ['^\\ud83d\\ude00$', ['😀', '\ud83d']],
    ['^[\\]\\-^]+$', [']-^', 'a']],
    ['^[^]]$', []],
    ['^a{2,}b{0,2}c{3}$', ['aabccc', 'aaabbccc', 'abccc', 'aabbbccc']],
    ['^a+?b*?$', ['aab', 'b']],
    ['^\\x41\\cJ\\t\\/\\.\\\\$', ['A\n\t/.\\']],
    ['a|^b$|', ['x']],
    ['.', ['\n', '\r', 'x', '']],
  ])('%s means what it means to JavaScript', (source, texts) => {
    for (const text of texts)
      expect([text, compiled(source)(text)]).toEqual([text, new RegExp(source, 'u').test(text)]);
  });

  it('of any shape means what it means to JavaScript', () => {
    const symbol = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '\\W', '\\d', '^', '$', '\\b', '\\B', ' ');
    const tree = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        symbol,
        fc.array(tie('pattern'), { maxLength: 4 }).map((parts) => parts.join('')),
        fc.array(tie('pattern'), { minLength: 1, maxLength: 3 }).map((options) => `(${options.join('|')})`),
        fc
          .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,}', '{0,2}', '*?'))
          .map((two) => `(?:${two[0]})${two[1]}`),
      ),
    }));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '1', '\n', 'é'), maxLength: 8 });
    fc.assert(
      fc.property(tree.pattern, fc.array(text, { minLength: 3, maxLength: 3 }), (source, texts) => {
        const pattern = compilePattern(source);
        fc.pre(typeof pattern !== 'string');
        for (const one of texts) expect(pattern(one)).toBe(new RegExp(source, 'u').test(one));
      }),
      { numRuns: 500 },
    );
  });

  it.each(['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '^(.*a){12}$', '(a*)*b', '^a*a*a*a*a*a*b$'])(
    'answers in good time, although it could be tried in endless ways: %s',
    (source) => {
      expect(compiled(source)(`${'a'.repeat(3_900)}!`)).toBe(false);
    },
  );

  it.each([
    ['[', 'unterminated character class'],
    ['(', 'unterminated group'],
    ['a**', 'nothing to repeat'],
    ['(?=a)', 'groups that look ahead'],
    ['(?<!a)b', 'groups that look ahead'],
    ['(a)\\1', 'groups that look ahead'],
    ['(?<x>a)\\k<x>', 'groups that look ahead'],
    ['a{5000}', 'it repeats too much'],
    ['((a{50}){50}){50}', 'it repeats too much'],
  ])('is refused in words: %s', (source, words) => {
    expect(compilePattern(source)).toContain(words);
  });
});
