import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { conditionMeanings, severityMeanings, verdictMeanings } from '../../../../src/display/states/legend.ts';
import { conditions } from '../../../../src/display/states/task-display.ts';
import { footerKeys, helpKeys } from '../../../../src/ui/keys/key-lines.ts';
import { findBinding, keyTable } from '../../../../src/ui/keys/key-table.ts';
import { moveKeys } from '../../../../src/ui/keys/move-keys.ts';
import { pressKey } from '../../../../src/ui/keys/press-key.ts';
import { layout } from '../../../../src/ui/layout.ts';
import { helpPane } from '../../../../src/ui/panes/help/help-pane.ts';
import { createTheme } from '../../../../src/ui/theme.ts';
import { fakeRun } from '../../../support/fake-run.ts';
import { plain } from '../support/plain.ts';
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

describe('a key without effect says why', () => {
  const one = { state: fakeRun({ tasks: { a: {} } }).state(), log: { total: 0 } };
  const keys = [...new Set(keyTable.flatMap((binding) => binding.keys)), '§', 'Ctrl+A', 'ä'];
  /** At the beginning or end a pane simply moves no further, and neither do long lines. */
  const moves = new Set([...moveKeys.flatMap((binding) => binding.keys), '<', '>']);

  test.each(panes)('in %s', (focus) => {
    for (const given of [{}, one, { ...one, playback: { isPlaying: false, isAtEnd: true, speed: 10 } }]) {
      const screen = screenOf({ ...given, columns: 200, rows: 50 }).press('3');
      const { view } = screen;
      const places = layout(200, 50, { shown: focus, detail: focus === 'detail' });
      const at = { ...view, layout: places, screen: { ...view.screen, focus, shown: focus } };
      for (const key of keys.filter((one) => !moves.has(one))) {
        const { screen: after, commands = [] } = pressKey(at, key);
        const hasEffect = commands.length > 0 || !isDeepStrictEqual(after, at.screen);
        expect(hasEffect, `${key} in ${focus}`).toBe(true);
        if (after.message?.style === 'warn') expect(after.message.text).not.toBe('');
      }
    }
  });

  test('with the panes that it is for', () => {
    const said = (...pressed: string[]) => screenOf({ columns: 200, rows: 50 }).press(...pressed).screen.message?.text;
    expect(said('§')).toBe('§ does nothing here; ? shows all keys');
    expect(said('4', 'J')).toBe('J: works in tasks (1)');
    expect(said('3', 'j')).toBe('move: nothing to scroll in charts');
    expect(said('1')).toBe('tasks: this pane already has the focus');
    expect(said('Home', 'Esc')).toBe('back: nothing is open; q quits');
  });
});

describe('the help', () => {
  const keys = helpKeys(screenOf().view);
  const draw = (width: number, height: number, top = 0, theme = createTheme({ colour: false, unicode: true })) =>
    plain(helpPane(keys, top, { width, height, focused: true, zoomed: false }, theme));

  test.each([60, 80, 120, 200])('cuts no sentence on a screen of %i columns', (width) => {
    const rows = draw(width, 300);
    expect(rows.split('\n').filter((row) => row.includes('…') && !row.includes('cut; full text'))).toEqual([]);
    for (const { help } of keys) expect(rows).toContain(help);
    for (const meaning of [...Object.values(verdictMeanings), ...Object.values(severityMeanings)])
      expect(rows).toContain(meaning);
    for (const condition of conditions) expect(rows).toContain(conditionMeanings[condition]);
  });

  test('has the same signs in ASCII', () => {
    const rows = draw(80, 300, 0, createTheme({ colour: false, unicode: false }));
    expect(rows).toMatch(/^[\x20-\x7e\n]*$/);
    expect(rows).toContain('x  failed; timed out');
  });

  test('scrolls to its last line where it does not fit, and says so', () => {
    expect(draw(200, 300)).toContain(' Esc closes ');
    expect(draw(80, 22)).toContain(' j k PgUp PgDn scroll, Esc closes ');
    const opened = screenOf({ columns: 80, rows: 24 }).press('?', 'G');
    const last = draw(80, 22, opened.screen.help);
    expect(last).toContain(Object.values(severityMeanings).at(-1)!);
    expect(last).toMatch(/↑\d+ ╯$/);
    expect(opened.press('k').screen.help).toBe(opened.screen.help! - 1);
  });
});
