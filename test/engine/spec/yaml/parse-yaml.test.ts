import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMap, isScalar, isSeq, parse, parseAllDocuments, stringify } from 'yaml';
import type { Report } from '../../../../src/engine/spec/report.ts';
import { createSource } from '../../../../src/engine/spec/source.ts';
import { parseYaml } from '../../../../src/engine/spec/yaml/parse-yaml.ts';
import type { YamlNode } from '../../../../src/engine/spec/yaml/yaml-node.ts';

/** Lists, mappings (as pairs), texts in quotes, texts without, and nothing. */
type Tree = null | { readonly quoted: string } | { readonly plain: string } | readonly Tree[] | { readonly map: Pairs };
type Pairs = readonly (readonly [string, Tree])[];

function read(text: string): { readonly tree: Tree; readonly codes: readonly string[] } {
  const report: Report = { source: createSource('f', text), diagnostics: [] };
  const root = parseYaml(report);
  return { tree: treeOf(root), codes: report.diagnostics.map(({ code }) => code) };
}

function treeOf(node: YamlNode): Tree {
  switch (node.kind) {
    case 'scalar':
      return node.plain ? { plain: node.text } : { quoted: node.text };
    case 'list':
      return node.items.map(treeOf);
    case 'map':
      return { map: node.entries.map(({ key, value }) => [key, treeOf(value)]) };
    default:
      return null;
  }
}

/** What the library's own parser makes of the text, or undefined when it refuses it. */
function readByLibrary(text: string): { readonly tree: Tree } | undefined {
  const documents = parseAllDocuments(text, { schema: 'failsafe', logLevel: 'silent' });
  const [first, ...more] = Array.isArray(documents) ? documents : [];
  if (first === undefined) return { tree: null };
  if (more.length > 0 || first.errors.length > 0 || first.warnings.length > 0) return undefined;
  return { tree: libraryTree(first.contents) };
}

function libraryTree(node: unknown): Tree {
  if (isSeq(node)) return node.items.map(libraryTree);
  if (isMap(node)) {
    return { map: node.items.map(({ key, value }) => [isScalar(key) ? String(key.value) : '?', libraryTree(value)]) };
  }
  if (!isScalar(node) || (node.type === 'PLAIN' && node.source === '')) return null;
  return node.type === 'PLAIN' ? { plain: String(node.value) } : { quoted: String(node.value) };
}

const corpus: readonly (readonly [string, string])[] = [
  ['folded text', 'a: >-\n  one\n  two\n\n  three\n   more\n  end\nb: x\n'],
  ['folded text that keeps its end', 'a: >+\n  one\n\n\nb: |+\n  two\n\n'],
  ['literal text', 'a: |\n  #!/bin/bash\n  echo "a: b" # no comment\n\n  exit 1\nb: x\n'],
  ['literal text of a given indentation', 'a: |2\n    two deeper\n  end\nb: >1-\n x\n'],
  ['literal text with a comment behind its sign', 'a: | # why\n  text\n'],
  ['literal text in a list', '- |\n  one\n- >-\n  two\n- x\n'],
  ['literal text in a mapping in a list', '- a: |\n    one\n  b: x\n'],
  ['literal text without text', 'a: |\nb: >-\n\nc: x\n'],
  ['literal text with blank lines in front', 'a: |\n\n\n  one\nb: x\n'],
  ['literal text with Windows line ends', 'a: |\r\n  one\r\n  two\r\nb: >-\r\n  x\r\n  y\r\n'],
  ['literal text at the end without a line end', 'a: |\n  one'],
  ['text over several lines', 'a: one\n  two\n\n  three\nb: x\n'],
  ['quoted text over several lines', 'a: "one\n  two\\\n  three\n\n  four"\nb: \'x\n  y\'\n'],
  ['escapes', "a: \"\\t\\n\\\"\\\\\\/\\x41\\u00e9\\U0001F600\\0\"\nb: 'it''s'\n"],
  ['quoted keys', '"a b": 1\n\'c: d\': 2\n"e\\n": 3\n"": 4\n'],
  ['a quoted key without a space after the colon', '{"a":1,"b": 2}\n'],
  ['flow over several lines', 'a: {\n  b: [\n    c,\n    d, # why\n  ],\n  e: {f: g},\n}\nh: x\n'],
  ['flow with empty values', '{a: , b, c: [], d: {}, "e": }\n'],
  ['flow in lists', '- {a: b}\n- [c, d]\n- []\n'],
  ['addresses and hours', 'a: http://x/y?z#w\nb: 12:30\nc: a#b\nd: -x\ne: ?x\nf: :x\n'],
  [
    'comments everywhere',
    '# top\na: 1 # one\n# between\n\n  # deeper\nb: # nothing yet\n  - c # c\n  # d\n  - d\n#end',
  ],
  ['empty values', 'a:\nb: ~\nc: null\nd: ""\ne:\n  -\n  - x\n'],
  ['lists under their key without indentation', 'a:\n- b\n- c: d\n  e: f\ng:\n  - h\n'],
  ['lists in lists', '- - a\n  - b\n-\n  - c\n'],
  ['mappings in lists', '-\n  a: b\n- c: d\n  e:\n    f: g\n'],
  ['Windows line ends', 'a:\r\n  - b\r\n  - "c"\r\nd: x\r\n'],
  ['document marks', '---\na: b\n...\n'],
  ['tabs where they are allowed', 'a:\tb\nc: \t[d,\te]\t# f\n'],
  ['words that are not text', 'a: true\nb: 010\nc: 0x1F\nd: .5\ne: 1e3\nf: No\ng: 2024-01-01\n'],
  ['letters of all languages', 'ключ: значение\n鍵: "値"\n'],
  ['signs within text', 'a: b & c * d ! e | f > g % h @ i `j\nb: x, y [z] {w}\n'],
];

describe('YAML', () => {
  it.each(corpus)('is read as the library reads it: %s', (_, text) => {
    const expected = readByLibrary(text);
    expect(expected).toBeDefined();
    expect(read(text)).toEqual({ ...expected, codes: [] });
  });

  it('of the bundled pipeline is read as the library reads it', () => {
    const text = readFileSync('etl/config/pipeline_dag.yaml', 'utf8');
    expect(read(text)).toEqual({ ...readByLibrary(text), codes: [] });
  });

  it('that the library writes is read as the library reads it', () => {
    const leaf = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('a', ' ', '\n', ':', '#', '-', "'", '"') }),
      fc.integer(),
      fc.boolean(),
    );
    const key = fc.string({ minLength: 1 }).filter((one) => !/^(?:<<|__proto__|constructor|prototype)$/.test(one));
    const value = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, tie('list'), tie('map')),
      list: fc.array(tie('value'), { maxLength: 4 }),
      map: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    }));
    const style = fc.record({
      collectionStyle: fc.constantFrom<'any' | 'block' | 'flow'>('any', 'block', 'flow'),
      indent: fc.integer({ min: 2, max: 4 }),
      indentSeq: fc.boolean(),
      lineWidth: fc.constantFrom(0, 20, 80),
      blockQuote: fc.constantFrom<boolean | 'folded' | 'literal'>(true, false, 'folded', 'literal'),
      crlf: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.oneof(value.list, value.map), style, (document, { crlf, ...options }) => {
        const written = stringify(document, { aliasDuplicateObjects: false, ...options });
        const text = crlf ? written.replaceAll('\n', '\r\n') : written;
        const expected = readByLibrary(text);
        // The library writes some odd texts so that it reads something else itself.
        fc.pre(expected !== undefined && isDeepStrictEqual(parse(text), document));
        expect(read(text)).toEqual({ ...expected, codes: [] });
      }),
      { numRuns: 300 },
    );
  });

  it('in any shape is read as the library reads it, or refused', () => {
    const words = [
      'a',
      'b c',
      '1',
      '"q"',
      "'s'",
      '"a\\nb"',
      "'it''s'",
      'a:b',
      'x#y',
      '-',
      '- ',
      '--',
      '|',
      '>-',
      '|+',
      '>2',
      '# c',
      '{}',
      '[a, b]',
      '{a: b}',
      '{a: , b}',
      '[a,, b]',
      '{a: [b, {c: d}]}',
      '[',
      ']',
      '{',
      '}',
      ',',
      ':',
      '"open',
      '"\\q"',
      '"a\n\n b"',
      'a]',
      'x:',
      '- - a',
      '- a: b',
      '---',
      '...',
      '&a',
      '*a',
      '!t',
      '<<',
      '? a',
      '',
    ];
    const word = fc.constantFrom(...words);
    const line = fc
      .tuple(
        fc.constantFrom(0, 0, 0, 2, 2, 4, 1),
        fc.oneof(
          fc
            .tuple(fc.constantFrom('a', 'b', '"d"'), fc.nat(20), word)
            .map(([key, number, value]) => `${key}${number}: ${value}`),
          word.map((value) => `- ${value}`),
          word,
          fc.tuple(word, word).map((two) => two.join(' ')),
        ),
        fc.constantFrom('\n', '\n', '\n', '\r\n', ' # c\n', ' \n'),
      )
      .map(([indent, content, end]) => ' '.repeat(indent) + content + end);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
        const text = lines.join('');
        const { tree, codes } = read(text);
        const expected = readByLibrary(text);
        if (codes.length === 0 && expected !== undefined) expect(tree).toEqual(expected.tree);
        // A key on the line of "---" is harmless, and the library alone refuses it.
        if (codes.length === 0 && !text.includes('---')) expect(expected).toBeDefined();
      }),
      { numRuns: 1_500 },
    );
  });
});
