import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { configSchema } from '../../../../../src/engine/spec/config/config-shape.ts';
import { readScreenConfig } from '../../../../../src/engine/spec/config/read-config.ts';
import { screenVocabulary } from '../../../../../src/ui/config/screen-vocabulary.ts';

function read(text: string) {
  return readScreenConfig(text, 'config.yaml', screenVocabulary);
}

function mistakes(text: string): readonly string[] {
  return read(text).diagnostics.map(
    ({ code, message, at, hint }) =>
      `${at?.line}:${at?.col} ${code}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
}

const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
ajv.addKeyword('patternErrorMessage');
const isValid = ajv.compile(configSchema(screenVocabulary));

test.each(['', '# nothing chosen yet\n', 'theme: auto', 'keys: {}', 'colors: {}', 'screen: {}'])(
  '%j says nothing',
  (text) => {
    const { config, diagnostics } = read(text);
    expect(diagnostics).toEqual([]);
    expect(config).toMatchObject({ colours: new Map(), keys: new Map(), screen: {} });
  },
);

test('keys, colours, theme and screen are read', () => {
  const { config } = read(
    'theme: dark\ncolours: { success: bright-green, muted: "#808080" }\nkeys: { retry: X, copy: [c, 7, "~", Ctrl+Y], cancel: [] }\nscreen: { ascii: true, mouse: true, bell: false }\n',
  );
  expect(config).toEqual({
    theme: 'dark',
    colours: new Map<string, unknown>([
      ['success', 10],
      ['muted', [128, 128, 128]],
    ]),
    keys: new Map([
      ['retry', ['X']],
      ['copy', ['c', '7', '~', 'Ctrl+Y']],
      ['cancel', []],
    ]),
    screen: { ascii: true, mouse: true, bell: false },
  });
});

describe('a mistake is named with its place and what to write', () => {
  test.each([
    [
      'theme: lihgt',
      '1:8 spec/bad-value: "theme" must be "auto" or "dark" or "light", not "lihgt" (did you mean "light"?)',
    ],
    ['colors: { succes: green }', '1:11 spec/unknown-key: "colors" has no key "succes" (did you mean "success"?)'],
    [
      'colors: { success: gren }',
      '1:20 spec/bad-value: "success" must be the name of a colour, or "#rrggbb", not "gren" (did you mean "green"?)',
    ],
    [
      'colors: { success: purple }',
      '1:20 spec/bad-value: "success" must be the name of a colour, or "#rrggbb", not "purple" (did you mean "magenta"?)',
    ],
    [
      'colors: { success: "#0af" }',
      '1:20 spec/bad-value: "success" must be the name of a colour, or "#rrggbb", not "#0af" (write "#00aaff")',
    ],
    [
      'colors:\n  success: #00ff00',
      '2:3 spec/bad-value: "success" has no value (put "#rrggbb" in quotes: without them a # begins a comment)',
    ],
    ['keys: { retri: X }', '1:9 spec/unknown-key: "keys" has no key "retri" (did you mean "retry"?)'],
    [
      'keys: { retry: ctrl-r }',
      '1:16 spec/bad-value: "ctrl-r" is no key that can be typed in a terminal (did you mean "Ctrl+R"?)',
    ],
    [
      'keys: { retry: <C-r> }',
      '1:16 spec/bad-value: "<C-r>" is no key that can be typed in a terminal (did you mean "Ctrl+R"?)',
    ],
    [
      'keys: { retry: pgdn }',
      '1:16 spec/bad-value: "pgdn" is no key that can be typed in a terminal (did you mean "PageDown"?)',
    ],
    ['keys: { retry: Ctrl+M }', '1:16 spec/bad-value: terminals send the same for Ctrl+M as for Enter (write Enter)'],
    ['keys: { retry: ~ }', '1:16 spec/bad-value: a ~ without quotes means nothing at all (put it in quotes: "~")'],
    ['keys: { retry: Ctrl+C }', '1:16 spec/bad-value: Ctrl+C cannot be chosen: it always cancels the run and quits'],
    ['keys: { back: b }', '1:9 spec/bad-value: "back" keeps its key, which is Esc'],
    ['screen: { bel: false }', '1:11 spec/unknown-key: "screen" has no key "bel" (did you mean "bell"?)'],
    [
      'tasks: {}',
      '1:1 spec/unknown-key: the configuration has no key "tasks" (the configuration may have: theme, colors, keys, screen)',
    ],
    ['keys: { retry: [X, X] }', '1:20 spec/bad-value: "retry" names "X" twice'],
  ])('%s', (text, mistake) => {
    expect(mistakes(text)).toEqual([mistake]);
    expect(read(text).config).toBeUndefined();
  });

  test.each(['F5', 'Alt+x', 'Cmd+r', 'ab', 'é́', '\u200b', 'Ctrl+1', '👩‍💻'])('the key %j cannot be typed', (key) => {
    const [mistake = ''] = mistakes(`keys: { retry: "${key}" }`);
    expect(mistake).toContain('is no key that can be typed in a terminal');
  });
});

describe('a key can mean one action in each place', () => {
  test('with both places, when both are in the file', () => {
    const { diagnostics } = read('keys:\n  retry: Y\n  skip: Y\n');
    expect(diagnostics).toEqual([
      {
        code: 'config/key-taken',
        severity: 'error',
        message: '"Y" cannot be the key of "skip": it is that of "retry"',
        hint: 'give one of them another key',
        at: { file: 'config.yaml', line: 3, col: 9, length: 1 },
        related: [{ message: 'the key of "retry" is here', at: { file: 'config.yaml', line: 2, col: 10, length: 1 } }],
      },
    ]);
  });

  test.each([
    ['retry: e', 'next-failed'],
    ['mark: Enter', 'open-log'],
    ['search: Left', 'log-left'],
    ['faster: Space', 'play'],
  ])('with the usual keys: %s', (written, other) => {
    expect(mistakes(`keys: { ${written} }`)).toEqual([
      expect.stringContaining(
        `it is usually that of "${other}" (take another key, or give "${other}" another one as well)`,
      ),
    ]);
  });

  test.each([
    'retry: e, next-failed: r',
    'retry: e, next-failed: []',
    'follow: Space',
    'search: f',
    'retry: [r, R], retry-downstream: D',
  ])('and %s is no conflict', (written) => {
    expect(mistakes(`keys: { ${written} }`)).toEqual([]);
  });
});

test('what is no YAML, or no text, is told like in a pipeline file', () => {
  expect(mistakes('keys: [')).toEqual([expect.stringContaining('spec/yaml-syntax')]);
  expect(mistakes('theme: \u0000')).toEqual([expect.stringContaining('spec/unreadable')]);
  expect(mistakes('- theme')).toEqual([expect.stringContaining('spec/bad-type: the configuration must be a mapping')]);
});

test.each([
  [
    {
      theme: 'light',
      colors: { success: '#00AAff', failure: 'bright-red' },
      keys: { retry: 'Ctrl+R', copy: ['c', 7, 'ö'] },
    },
    true,
  ],
  [{ screen: { ascii: true } }, true],
  [{ theme: 'lite' }, false],
  [{ colors: { success: '#0af' } }, false],
  [{ keys: { retry: 'F5' } }, false],
  [{ keys: { retry: 'Ctrl+M' } }, false],
  [{ keys: { back: 'b' } }, false],
  [{ keys: { retry: '' } }, false],
])('the schema says of %j: %s', (value, valid) => {
  expect(isValid(value)).toBe(valid);
  expect(mistakes(JSON.stringify(value)).length === 0).toBe(valid);
});
