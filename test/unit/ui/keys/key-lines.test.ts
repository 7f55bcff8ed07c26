import { describe, expect, test } from 'vitest';
import { footerKeys, helpKeys } from '../../../../src/ui/keys/key-lines.ts';
import { findBinding, keyTable } from '../../../../src/ui/keys/key-table.ts';
import { helpPane } from '../../../../src/ui/panes/help/help-pane.ts';
import { createTheme } from '../../../../src/ui/theme.ts';
import { screenOf } from '../support/screen-of.ts';

const panes = ['tasks', 'log', 'charts', 'timeline', 'checks', 'history', 'detail', 'limits'] as const;

function footer(width: number, screen = screenOf()): string {
  return footerKeys(screen.view, width)
    .map(({ keys, label }) => `${keys} ${label}`)
    .join('  ');
}

describe('the footer', () => {
  test.each([
    [40, 's skip  x cancel  q quit  ? help'],
    [80, 's skip  x cancel  e next failed  / filter  z zoom  Tab pane  q quit  ? help'],
    [
      200,
      's skip  x cancel  e next failed  / filter  f follow  w wrap  E errors  * all tasks  i times  g graph  d detail  L limits  z zoom  Tab pane  p pause  + - slots  q quit  ? help',
    ],
  ])('lists at %i columns the useful keys', (width, keys) => {
    expect(footer(width)).toBe(keys);
  });

  test('lists retry on a failed task, and the keys of the log in the log', () => {
    expect(footer(80, screenOf().press('e'))).toMatch(/^r retry {2}/);
    expect(footer(80, screenOf().press('2'))).toMatch(/^f follow {2}\/ search/);
  });
});

test('every key in the help has an effect, and only one in each pane', () => {
  const screen = screenOf();
  expect(helpKeys(screen.view).length).toBeGreaterThan(25);
  for (const focus of panes) {
    const view = { screen: { ...screen.screen, focus } };
    const keys = new Set(keyTable.flatMap((binding) => binding.keys));
    for (const key of keys) {
      const here = keyTable.filter(
        (one) => one.only !== 'replay' && one.keys.includes(key) && (one.panes?.includes(focus) ?? false),
      );
      const anywhere = keyTable.filter((one) => one.only !== 'replay' && one.keys.includes(key) && !one.panes);
      expect(here.length, `${key} in ${focus}`).toBeLessThan(2);
      expect(anywhere.length, `${key} everywhere`).toBeLessThan(2);
      expect(findBinding(key, view)).toBe(here[0] ?? anywhere[0]);
    }
  }
});

test('a key without effect says why', () => {
  const { view } = screenOf();
  for (const binding of keyTable) {
    const reason = binding.refuse?.(view);
    if (reason !== undefined) expect(reason).toMatch(/^[a-z]/);
  }
});

test('the help fits in two columns on a screen of 120 columns', () => {
  const shape = { width: 120, height: 38, focused: true, zoomed: false };
  const rows = helpPane(helpKeys(screenOf().view), 0, shape, createTheme({ colour: false, unicode: true }));
  expect(rows.filter((row) => row.includes('…'))).toEqual([]);
  for (const { help } of helpKeys(screenOf().view)) expect(rows.join('\n')).toContain(help);
});
