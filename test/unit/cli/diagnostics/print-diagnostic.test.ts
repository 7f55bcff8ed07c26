import { describe, expect, test } from 'vitest';
import { countDiagnostics, printDiagnostic } from '../../../../src/cli/diagnostics/print-diagnostic.ts';
import { createStyle } from '../../../../src/cli/output/style.ts';
import type { Diagnostic } from '../../../../src/engine/index.ts';

const plain = createStyle({ color: false, env: {}, isTerminal: false });

function print(diagnostic: Omit<Diagnostic, 'severity'>, text = '', columns = 60): string {
  const options = { style: plain, sources: new Map([['p.yaml', text]]), columns };
  return printDiagnostic({ severity: 'error', ...diagnostic }, options);
}

function at(line: number, col: number, length: number) {
  return { file: 'p.yaml', line, col, length };
}

describe('a diagnostic is printed', () => {
  test('with its place, its line, and what to do', () => {
    const text = 'version: 1\ntasks:\n  load: { comand: x }\n';
    const message = 'a task has no key "comand"';
    const printed = print(
      { code: 'spec/unknown-key', message, at: at(3, 11, 6), hint: 'did you mean "command"?' },
      text,
    );
    expect(printed).toBe(
      [
        'p.yaml:3:11: error[spec/unknown-key]: a task has no key "comand"',
        '    3 │   load: { comand: x }',
        '      │           ^^^^^^',
        '  hint: did you mean "command"?',
        '',
      ].join('\n'),
    );
  });

  test('with its related places and their lines', () => {
    const text = 'a: 1\nb: 2\na: 3\n';
    const related = [{ message: 'the first one', at: at(1, 1, 1) }];
    const printed = print(
      { code: 'spec/duplicate-key', message: 'the key "a" is there twice', at: at(3, 1, 1), related },
      text,
    );
    expect(printed.split('\n')).toEqual([
      'p.yaml:3:1: error[spec/duplicate-key]: the key "a" is there twice',
      '    3 │ a: 3',
      '      │ ^',
      '  note: the first one (p.yaml:1:1)',
      '    1 │ a: 1',
      '      │ ^',
      '',
    ]);
  });

  test('without a place when it has none', () => {
    const printed = print({ code: 'database/unreachable', message: 'nothing answers', hint: 'start it' });
    expect(printed).toBe('error[database/unreachable]: nothing answers\n  hint: start it\n');
  });

  test('without its line when the file is unreadable or has become shorter', () => {
    const printed = print({ code: 'spec/bad-value', message: 'm', at: at(9, 4, 1) }, 'one line');
    expect(printed).toBe('p.yaml:9:4: error[spec/bad-value]: m\n');
  });

  test('with the further lines of a long message indented', () => {
    const printed = print({ code: 'database/start-failed', message: 'it failed:\nFATAL: disk full\n' });
    expect(printed).toBe('error[database/start-failed]: it failed:\n  │ FATAL: disk full\n');
  });

  test('without control sequences', () => {
    const text = 'a: \x1b]0;owned\x07\x1b[31mred\n';
    const diagnostic = {
      code: 'spec/bad-value',
      message: 'bad \x1b[2Jvalue\u202e',
      at: at(1, 4, 3),
      hint: '\x9b1mhint',
    } as const;
    const printed = print(diagnostic, text);
    expect(printed).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
    expect(printed).toContain('a: ␛]0;owned␇␛[31mred');
  });
});

describe('the place of a diagnostic is underlined', () => {
  const rows: readonly (readonly [
    name: string,
    line: string,
    col: number,
    length: number,
    shown: string,
    marks: string,
  ])[] = [
    ['at the start', 'key: x', 1, 3, 'key: x', '^^^'],
    ['behind the end of the line', 'key:', 5, 1, 'key:', '    ^'],
    ['behind tabs, which are one space', '\t\tkey: x', 3, 3, '  key: x', '  ^^^'],
    ['under a tab', 'a\tb', 2, 1, 'a b', ' ^'],
    ['behind wide characters', '東京: x', 5, 1, '東京: x', '      ^'],
    ['under wide characters', 'a: 東京', 4, 2, 'a: 東京', '   ^^^^'],
    ['behind an emoji of several parts', '👩‍👩‍👧: x', 11, 1, '👩‍👩‍👧: x', '    ^'],
    ['behind a combined letter', 'e\u0301e\u0301: x', 7, 1, 'e\u0301e\u0301: x', '    ^'],
    ['in a line that ends with a carriage return', 'a: b\r', 4, 1, 'a: b', '   ^'],
  ];

  test.each(rows)('%s', (_name, line, col, length, shown, marks) => {
    const printed = print({ code: 'spec/bad-value', message: 'm', at: at(1, col, length) }, `${line}\nnext`);
    expect(printed.split('\n').slice(1, 3)).toEqual([`    1 │ ${shown}`, `      │ ${marks}`]);
  });

  test('in a line too long to show, of which the part around the place is shown', () => {
    const line = `${'a'.repeat(5_000)}HERE${'b'.repeat(5_000)}`;
    const printed = print({ code: 'spec/bad-value', message: 'm', at: at(1, 5_001, 4) }, line, 40);
    const [, excerpt = '', marks = ''] = printed.split('\n');
    expect(excerpt.slice(8)).toMatch(/^…a+HEREb+…$/);
    expect(excerpt.slice(8)).toHaveLength(40);
    expect(marks.indexOf('^^^^')).toBe(excerpt.indexOf('HERE'));
  });

  test('as far as it fits, when the place itself is too long', () => {
    const printed = print({ code: 'spec/bad-value', message: 'm', at: at(1, 3, 5_000) }, `- ${'x'.repeat(5_000)}`, 40);
    const [, excerpt = '', marks = ''] = printed.split('\n');
    expect(excerpt.slice(8)).toMatch(/^…?.{0,2}x+…$/);
    expect(excerpt.length).toBeLessThanOrEqual(48);
    expect(marks.length).toBeLessThanOrEqual(excerpt.length);
  });

  test('in a line of a megabyte without delay', () => {
    const started = performance.now();
    print({ code: 'spec/bad-value', message: 'm', at: at(1, 500_000, 3) }, 'x'.repeat(1_000_000));
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

test('colours are printed on request only', () => {
  const diagnostic: Diagnostic = { code: 'spec/bad-value', severity: 'warning', message: 'm' };
  const inColour = createStyle({ color: true, env: { FORCE_COLOR: '1' }, isTerminal: false });
  expect(printDiagnostic(diagnostic, { style: inColour, sources: new Map(), columns: 80 })).toContain('\x1b[33m');
  expect(printDiagnostic(diagnostic, { style: plain, sources: new Map(), columns: 80 })).toBe(
    'warning[spec/bad-value]: m\n',
  );
});

test('errors and warnings are counted', () => {
  const [error, warning] = (['error', 'warning'] as const).map(
    (severity) => ({ code: 'spec/bad-value', severity, message: 'm' }) as const,
  );
  expect(countDiagnostics([error!, warning!, error!])).toBe('2 errors, 1 warning');
  expect(countDiagnostics([warning!])).toBe('1 warning');
});
