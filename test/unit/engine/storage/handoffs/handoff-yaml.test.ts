import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { addToYaml, readYaml, writeYaml } from '../../../../../src/engine/storage/handoffs/handoff-yaml.ts';

describe('a text in a hand-off is read as the same text, whatever a task has printed', () => {
  it.each([
    ['the signs of YAML', ': &x *y !!js/function >- | # %TAG {a: [b]} ? - "\' @ `'],
    ['a tag at its beginning', '!!js/function "function () {}"'],
    ['an anchor and an alias', '&a *a <<: *a'],
    ['words that are something else', 'yes'],
    ['a number of YAML 1.1', '1_000'],
    ['a sexagesimal', '190:20:30'],
    ['a moment', '2026-01-05T07:00:00Z'],
    ['nothing', ''],
    ['null', '~'],
    ['spaces around it', '  x  '],
    ['the end of a document', '...\n---\nfailed_task: other'],
    ['control characters', '\u0000\u0007\u001b[2J\u001b]0;title\u0007\r\b\t\u007f\u0085\u009b31m'],
    ['line breaks that only some parsers know', 'a\u2028b\u2029c\u0085d\r\ne\n\n  f \n'],
    ['marks that turn the direction', '\u202eabc\u2066\ufeff'],
    ['halves of a character, from bytes that were no UTF-8', '\ud800 \udfff \ufffd'],
    ['a very long line', `${'word: '.repeat(20_000)}#`],
    ['a very long word', 'x'.repeat(100_000)],
    ['emoji and letters', 'grün ✓ 🏈 日本'],
  ])('%s', (_, text) => {
    const written = writeYaml({ text, list: [text], nested: { text } });
    expect(parse(written)).toEqual({ text, list: [text], nested: { text } });
    expect(parse(written, { version: '1.1' })).toEqual({ text, list: [text], nested: { text } });
    expect(readYaml(written)).toEqual({ ok: true, value: { text, list: [text], nested: { text } } });
  });

  it('any text at all, also as a key', () => {
    const unit = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom(': ', '\n', '- ', '#', '\ud800'));
    const text = fc.array(unit).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.string(), (value, key) => {
        if (key === '__proto__' || key === '<<') return;
        const fields = { [`k${key}`]: value, list: [value, { [`k${key}`]: [value] }] };
        expect(parse(writeYaml(fields))).toEqual(fields);
      }),
    );
  });
});

it('no character in a hand-off moves the cursor of a terminal that prints it', () => {
  const written = writeYaml({ text: '\u001b[2J\u0007\u009b31m\u202e\ufeff\r\u007f' });
  expect(written).not.toMatch(/[^\n\x20-\x7e]/);
});

it('numbers, booleans and null stay what they are', () => {
  const fields = { a: 1, b: 0.25, c: true, d: null, e: [], f: {} };
  expect(parse(writeYaml(fields))).toEqual(fields);
});

describe('closing adds a key and keeps the rest', () => {
  it('comments and order of what somebody has written by hand included', () => {
    const text = '# mine\nb: 1 # one\na: "yes"\n';
    expect(addToYaml(text, 'closed', { by: 'no' })).toEqual({
      ok: true,
      value: '# mine\nb: 1 # one\na: "yes"\nclosed:\n  by: "no"\n',
    });
  });

  it('a second closing replaces the first', () => {
    const once = addToYaml('a: 1\n', 'closed', { by: 'x' });
    const twice = addToYaml(once.ok ? once.value : '', 'closed', { by: 'y' });
    expect(twice.ok && parse(twice.value)).toEqual({ a: 1, closed: { by: 'y' } });
  });
});

it.each([
  ['an alias', 'a: &x [1]\nb: *x\n'],
  ['a tag', 'a: !!binary aGk=\n'],
  ['several documents', 'a: 1\n---\nb: 2\n'],
  ['a list', '- a\n'],
  ['a text', 'hello'],
  ['nothing', ''],
  ['no YAML', 'a: [1\n'],
  ['a key twice', 'a: 1\na: 2\n'],
])('a file with %s is no hand-off', (_, text) => {
  expect(readYaml(text)).toMatchObject({ ok: false });
});
