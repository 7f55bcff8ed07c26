import { describe, expect, test } from 'vitest';
import { footerRow, type KeyLine } from '../../../../src/ui/bars/footer-row.ts';
import { inputRow, questionRow } from '../../../../src/ui/bars/prompt-row.ts';
import { tooSmallRows } from '../../../../src/ui/bars/too-small.ts';
import { helpPane } from '../../../../src/ui/panes/help/help-pane.ts';
import { createTheme } from '../../../../src/ui/theme.ts';
import { plain } from '../support/plain.ts';

const theme = createTheme({ colour: true, unicode: true });
const keys: readonly KeyLine[] = [
  { keys: 'r', label: 'retry', help: 'run the task again', enabled: true, section: 'Tasks' },
  { keys: 's', label: 'skip', help: 'go on without the task', enabled: false, section: 'Tasks' },
  { keys: '/', label: 'filter', help: 'show tasks whose name has these letters', enabled: true, section: 'Tasks' },
  { keys: 'f', label: 'follow', help: 'stay at the end of the output', enabled: true, section: 'Log' },
  { keys: '+ -', label: 'slots', help: 'more or fewer tasks at once', enabled: true, section: 'Run' },
  { keys: '?', label: 'help', help: 'show all keys', enabled: true, section: 'Run' },
];

describe('keys', () => {
  test('that have an effect now are in the footer, and help always is', () => {
    expect(plain(footerRow(keys, 60, theme))).toBe(' r retry  / filter  f follow  + - slots  ? help'.padEnd(60));
    expect(plain(footerRow(keys, 30, theme))).toBe(' r retry  / filter  ? help'.padEnd(30));
  });

  test('are all in the help, by section', () => {
    const shape = { width: 120, height: 9, focused: true, zoomed: false };
    expect(plain(helpPane(keys, 0, shape, theme))).toMatchInlineSnapshot(`
      "╭ Keys and signs ──────────────────────────────────────────────────────────────────── j k PgUp PgDn scroll, Esc closes ╮
      │ Tasks                                                      Signs of checks                                           │
      │   r    run the task again                                    ✓  passed                                               │
      │   s    go on without the task                                !  warned                                               │
      │   /    show tasks whose name has these letters               ≠  failed: the data is wrong                            │
      │                                                              ?  check error: says nothing about the data             │
      │ Log                                                                                                                  │
      │   f    stay at the end of the output                       Marks                                                     │
      ╰───────────────────────────────────────────────────────────────────────────────────────────────────────────────── ↓22 ╯"
    `);
    expect(plain(helpPane(keys, 3, { ...shape, width: 60, height: 6 }, theme))).toMatchInlineSnapshot(`
      "╭ Keys and signs ──────── j k PgUp PgDn scroll, Esc closes ╮
      │   /    show tasks whose name has these letters           │
      │                                                          │
      │ Log                                                      │
      │   f    stay at the end of the output                     │
      ╰────────────────────────────────────────────────── ↑3 ↓49 ╯"
    `);
  });
});

describe('a confirmation in the footer', () => {
  test.each([
    [60, ' Cancel odds? 4 tasks downstream will not run.  y yes  n no'],
    [58, ' Cancel odds? 4 will not run.  y yes  n no'],
    [26, ' Cancel odds?  y yes  n no'],
    [17, ' Cancel odds? y/n'],
    [16, ''],
    [0, ''],
  ])('is shown in full in %i columns, or not at all', (width, row) => {
    const text = 'Cancel odds? 4 tasks downstream will not run.';
    const question = { text, shorter: ['Cancel odds? 4 will not run.', 'Cancel odds?'] };
    expect(plain(questionRow(question, width, theme))).toBe(row.padEnd(width));
  });

  test('shows the end of typed text', () => {
    expect(plain(inputRow('/', 'pbp', 20, theme))).toBe(' /pbp█'.padEnd(20));
    expect(plain(inputRow('/', 'a long filter text', 12, theme))).toBe(' /lter text█');
  });
});

test('a screen that is too small shows the size it needs', () => {
  expect(tooSmallRows(48, 5, theme, undefined).map((row) => row.trimEnd())).toEqual([
    '',
    'etl-tui needs 60x15, this is 48x5. Tasks keep',
    'running; q quits.',
    '',
    '',
  ]);
  expect(tooSmallRows(48, 2, theme, 'DATA WRONG').map((row) => row.trimEnd())).toEqual([
    'etl-tui needs 60x15, this is 48x2. The run is',
    'over: DATA WRONG; q quits.',
  ]);
});
