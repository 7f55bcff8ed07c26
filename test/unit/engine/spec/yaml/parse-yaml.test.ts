import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, parseDocument, stringify } from 'yaml';
import type { Report } from '../../../../../src/engine/spec/report-error.ts';
import { createSource } from '../../../../../src/engine/spec/source.ts';
import { parseYaml } from '../../../../../src/engine/spec/yaml/parse-yaml.ts';
import type { YamlNode } from '../../../../../src/engine/spec/yaml/yaml-node.ts';

function read(text: string): { readonly root: YamlNode; readonly codes: readonly string[] } {
  const report: Report = { source: createSource('f', text), diagnostics: [] };
  const root = parseYaml(report);
  return { root, codes: report.diagnostics.map(({ code }) => code) };
}

/** Lists, mappings as pairs, texts as they are, null for what is absent. */
function treeOf(node: YamlNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.text;
    case 'list':
      return node.items.map(treeOf);
    case 'map':
      return { map: node.entries.map(({ key, value }) => [key, treeOf(value)]) };
    default:
      return null;
  }
}

/** What a document is as a tree of texts. */
function expectedTree(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(expectedTree);
  if (typeof value === 'object' && value !== null) {
    return { map: Object.entries(value).map(([key, inner]) => [key, expectedTree(inner)]) };
  }
  return String(value);
}

/** Checks that each key and each text stands where its node says: read alone, that part of the file means the same. */
function checkRanges(node: YamlNode, text: string): void {
  const standsAt = ({ start, end }: { start: number; end: number }, written: string) => {
    const part = text.slice(start, end);
    if (/^[|>]/.test(part)) return;
    const indented = `- ${part.includes('\n') ? part : part.trim()}`;
    expect(String(parse(indented, { schema: 'failsafe' })[0])).toBe(written);
  };
  switch (node.kind) {
    case 'scalar':
      standsAt(node, node.text);
      break;
    case 'list':
      for (const item of node.items) checkRanges(item, text);
      break;
    case 'map':
      for (const { key, at, value } of node.entries) {
        standsAt(at, key);
        checkRanges(value, text);
      }
      break;
    default:
      expect(node.end).toBeGreaterThanOrEqual(node.start);
  }
}

describe('YAML', () => {
  it.each<[string, string, unknown]>([
    [
      'folded and literal texts',
      'a: >-\n  one\n  two\n\n  three\nb: |+\n  #x\n   y: z\n\n',
      { a: 'one two\nthree', b: '#x\n y: z\n\n' },
    ],
    ['texts over several lines', 'a: one\n  two\n\n  three\nb: "x\\\n  y"\n', { a: 'one two\nthree', b: 'xy' }],
    ['escapes', "a: \"\\t\\u00e9\\U0001F600\"\nb: 'it''s'\n", { a: '\té😀', b: "it's" }],
    [
      'words that are no text elsewhere',
      '5: x\na: true\nb: 010\nc: 1e3\nd: 2024-01-01\ne: No\n',
      { 5: 'x', a: 'true', b: '010', c: '1e3', d: '2024-01-01', e: 'No' },
    ],
    [
      'brackets over several lines',
      'a: {\n  b: [\n    c,\n    d, # why\n  ],\n  e: {f: g},\n}\n',
      { a: { b: ['c', 'd'], e: { f: 'g' } } },
    ],
    ['lists below their key', 'a:\n- b\n- c: d\n  e: f\n', { a: ['b', { c: 'd', e: 'f' }] }],
    ['addresses and hours', 'a: http://x/y?z#w\nb: 12:30\nc: -x\n', { a: 'http://x/y?z#w', b: '12:30', c: '-x' }],
    ['Windows line ends', 'a:\r\n  - b\r\n  - |\r\n    x\r\n    y\r\n', { a: ['b', 'x\ny\n'] }],
    ['document marks', '---\na: b\n...\n', { a: 'b' }],
    ['tabs where they are allowed', 'a:\tb\nc: \t[d,\te]\t# f\n', { a: 'b', c: ['d', 'e'] }],
    ['no line end at the end', 'a: |\n  one', { a: 'one\n' }],
    ['letters of all languages', 'ключ: значение\n鍵: "値😀"\n', { ключ: 'значение', 鍵: '値😀' }],
  ])('is read with the place of each text: %s', (_, text, document) => {
    const { root, codes } = read(text);
    expect(codes).toEqual([]);
    expect(treeOf(root)).toEqual(expectedTree(document));
    checkRanges(root, text);
  });

  it('gives a missing value the place of its key or its dash', () => {
    const { root } = read('a:\nb: [x]\nc:\n  -\n  - y\nd: { e: , f }\n');
    expect(root).toMatchObject({
      entries: [
        { value: { kind: 'empty', start: 0, end: 1 } },
        {},
        { value: { items: [{ kind: 'empty', start: 15, end: 16 }, { text: 'y' }] } },
        { value: { entries: [{ value: { kind: 'empty', start: 28, end: 29 } }, { value: { start: 33, end: 34 } }] } },
      ],
    });
  });

  it('distinguishes quoted from plain texts', () => {
    const { root } = read('[a, "b", \'c\', true]');
    expect(root).toMatchObject({ items: [{ plain: true }, { plain: false }, { plain: false }, { plain: true }] });
  });

  it('of the bundled pipeline is read as by the yaml library, with the place of each text', () => {
    const text = readFileSync('etl/config/pipeline_dag.yaml', 'utf8');
    for (const written of [text, text.replaceAll('\n', '\r\n')]) {
      const { root, codes } = read(written);
      expect(codes).toEqual([]);
      expect(treeOf(root)).toEqual(expectedTree(parse(text, { schema: 'failsafe' })));
      checkRanges(root, written);
    }
  });

  it('of any document is read as it was written', () => {
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
        // The library writes some odd texts so that it cannot read them itself, or reads something else.
        const again = parseDocument(text);
        fc.pre(again.errors.length === 0 && isDeepStrictEqual(again.toJS(), document));
        const { root, codes } = read(text);
        expect(codes).toEqual([]);
        expect(treeOf(root)).toEqual(expectedTree(document));
      }),
      { numRuns: 300 },
    );
  });
});
