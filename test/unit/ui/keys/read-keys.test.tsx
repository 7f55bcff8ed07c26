import { Box, useInput } from 'ink';
import { render } from 'ink-testing-library';
import { afterEach, describe, expect, test } from 'vitest';
import { createKeyReader, type Pressed } from '../../../../src/ui/keys/read-keys.ts';
import { until } from '../support/watched-run.ts';

let unmount: () => void;

afterEach(() => unmount());

type KeyboardProps = { readonly reader: ReturnType<typeof createKeyReader>; readonly pressed: Pressed[] };

function Keyboard({ reader, pressed }: KeyboardProps) {
  useInput((input, key) => void pressed.push(...reader(input, key)));
  return <Box />;
}

/** What a terminal sent is read as these keys, and as no more. */
async function expectRead(sent: readonly string[], expected: readonly Pressed[]): Promise<void> {
  const pressed: Pressed[] = [];
  const app = render(<Keyboard reader={createKeyReader()} pressed={pressed} />);
  unmount = app.unmount;
  await until(() => app.stdin.listenerCount('readable') > 0, 'the keyboard to be read');
  for (const text of sent) app.stdin.write(text);
  // A lone Esc is one only when nothing follows.
  await until(() => pressed.length >= expected.length, `${expected.length} keys`);
  app.stdin.write('.');
  await until(() => pressed.length > expected.length, 'one key more');
  expect(pressed).toEqual([...expected, ...keys('.')]);
}

function keys(...names: readonly string[]): readonly Pressed[] {
  return names.map((key) => ({ kind: 'key', key }));
}

describe('keys', () => {
  test.each([
    ['a letter', ['r'], ['r']],
    ['letters typed ahead', ['jjj'], ['j', 'j', 'j']],
    ['letters and Enter in one', ['ab\r'], ['a', 'b', 'Enter']],
    ['arrows', ['\x1b[A\x1b[B\x1b[C\x1b[D'], ['Up', 'Down', 'Right', 'Left']],
    ['arrows in application mode', ['\x1bOA\x1bOB'], ['Up', 'Down']],
    ['pages and ends', ['\x1b[5~', '\x1b[6~', '\x1b[H', '\x1b[F'], ['PageUp', 'PageDown', 'Home', 'End']],
    ['Tab and Shift+Tab', ['\t', '\x1b[Z'], ['Tab', 'ShiftTab']],
    ['control keys', ['\x03', '\x1a', '\x0c', '\x15'], ['Ctrl+C', 'Ctrl+Z', 'Ctrl+L', 'Ctrl+U']],
    ['Ctrl+C twice in one', ['\x03\x03'], ['Ctrl+C', 'Ctrl+C']],
    ['Backspace', ['\x7f'], ['Backspace']],
    ['Esc alone', ['\x1b'], ['Esc']],
    ['Esc twice, typed ahead', ['\x1b\x1b'], ['Esc', 'Esc']],
    ['Esc twice, close together', ['\x1b', '\x1b'], ['Esc', 'Esc']],
    ['Esc and a letter, typed ahead', ['\x1bd'], ['Esc', 'd']],
    ['Space', [' '], [' ']],
    ['a letter with an accent', ['é'], ['é']],
    ['function keys, which mean nothing', ['\x1bOP', '\x1b[15~'], []],
  ] as const)('%s', async (_, sent, names) => {
    await expectRead(sent, keys(...names));
  });
});

test('pasted text is one event, in any number of chunks', async () => {
  const expected: readonly Pressed[] = [{ kind: 'paste', text: 'rm -rf\nx' }, ...keys('q')];
  await expectRead(['\x1b[200~rm ', '-rf\nx', '\x1b[201~q'], expected);
});

describe('the mouse', () => {
  test.each([
    ['\x1b[<0;12;5M', { what: 'click', column: 11, row: 4 }],
    ['\x1b[<0;12;5m', { what: 'other', column: 11, row: 4 }],
    ['\x1b[<64;1;1M', { what: 'wheel-up', column: 0, row: 0 }],
    ['\x1b[<65;200;50M', { what: 'wheel-down', column: 199, row: 49 }],
    ['\x1b[<35;12;5M', { what: 'other', column: 11, row: 4 }],
  ] as const)('%j', async (sent, report) => {
    await expectRead([sent], [{ kind: 'mouse', report }]);
  });

  test('sends no keys when a report comes in two chunks', async () => {
    const report = { what: 'wheel-down', column: 11, row: 4 } as const;
    await expectRead(['\x1b[<65;1', '2;5M'], [{ kind: 'mouse', report }]);
  });
});
