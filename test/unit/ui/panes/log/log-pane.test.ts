import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { EpochMs, TaskId } from '../../../../../src/engine/index.ts';
import { isErrorLine } from '../../../../../src/ui/panes/log/line-style.ts';
import { type LogPaneView, logPane } from '../../../../../src/ui/panes/log/log-pane.ts';
import { shownLine } from '../../../../../src/ui/panes/log/shown-line.ts';
import { createTheme } from '../../../../../src/ui/theme.ts';
import { plain } from '../../support/plain.ts';

const theme = createTheme({ colour: true, unicode: true });
const lines = [
  '10:00:35.101 INFO  season=2023 week=17 games=16',
  '10:00:36.203 INFO  batch=88 rows=1000 committed, next batch begins at game 2023_17_BAL_MIA',
  '10:00:36.950 WARN  429 Too Many Requests',
  '10:00:38.004 ERROR connection reset by peer',
];
const view: LogPaneView = {
  task: 'nflverse_pbp',
  lines: lines.map((text) => shownLine({ text })),
  total: 88_214,
  following: true,
  fresh: 0,
  wrap: false,
  errorsOnly: false,
  stamps: false,
  offset: 0,
};

type Some = Omit<Partial<LogPaneView>, 'lines'> & { readonly lines?: readonly string[] };

function draw({ lines: texts, ...some }: Some, height = 6, zoomed = false): readonly string[] {
  const shown = texts === undefined ? {} : { lines: texts.map((text) => shownLine({ text })) };
  return logPane({ ...view, ...some, ...shown }, { digit: 2, width: 64, height, focused: false, zoomed }, theme);
}

describe('the log pane', () => {
  test('following', () => {
    expect(plain(draw({}, 5))).toMatchInlineSnapshot(`
      "╭ 2 Log nflverse_pbp ─────────────────── FOLLOW ─ 88,214 lines ╮
      │ 10:00:36.203 INFO  batch=88 rows=1000 committed, next batch b│
      │ 10:00:36.950 WARN  429 Too Many Requests                     │
      │ 10:00:38.004 ERROR connection reset by peer                  │
      ╰──────────────────────────────────────────────────────────────╯"
    `);
  });

  test('paused shows the beginning of its window and counts the new lines', () => {
    expect(plain(draw({ following: false, fresh: 1204, attempt: 2 }, 5))).toMatchInlineSnapshot(`
      "╭ 2 Log nflverse_pbp attemp…─ PAUSED +1,204 new ─ 88,214 lines ╮
      │ 10:00:35.101 INFO  season=2023 week=17 games=16              │
      │ 10:00:36.203 INFO  batch=88 rows=1000 committed, next batch b│
      │ 10:00:36.950 WARN  429 Too Many Requests                     │
      ╰──────────────────────────────────────────────────────────────╯"
    `);
  });

  test('wrapped', () => {
    expect(plain(draw({ wrap: true }, 7))).toMatchInlineSnapshot(`
      "╭ 2 Log nflverse_pbp ─────────────────── FOLLOW ─ 88,214 lines ╮
      │ 10:00:35.101 INFO  season=2023 week=17 games=16              │
      │ 10:00:36.203 INFO  batch=88 rows=1000 committed, next batch b│
      │ egins at game 2023_17_BAL_MIA                                │
      │ 10:00:36.950 WARN  429 Too Many Requests                     │
      │ 10:00:38.004 ERROR connection reset by peer                  │
      ╰ wrapped ─────────────────────────────────────────────────────╯"
    `);
  });

  test('scrolled sideways, errors only', () => {
    expect(plain(draw({ offset: 13, errorsOnly: true }))).toMatchInlineSnapshot(`
      "╭ 2 Log nflverse_pbp ─────────────────── FOLLOW ─ 88,214 lines ╮
      │ INFO  season=2023 week=17 games=16                           │
      │ INFO  batch=88 rows=1000 committed, next batch begins at game│
      │ WARN  429 Too Many Requests                                  │
      │ ERROR connection reset by peer                               │
      ╰ errors only ─ from column 14 ────────────────────────────────╯"
    `);
  });

  test('zoomed has only its lines, so that they can be copied', () => {
    expect(plain(draw({}, 5, true))).toMatchInlineSnapshot(`
      " 2 Log nflverse_pbp                       FOLLOW ─ 88,214 lines 
      10:00:35.101 INFO  season=2023 week=17 games=16                 
      10:00:36.203 INFO  batch=88 rows=1000 committed, next batch begi
      10:00:36.950 WARN  429 Too Many Requests                        
      10:00:38.004 ERROR connection reset by peer                     "
    `);
  });

  test('marks all matches, and those of the current line differently, at any scroll position', () => {
    const search = { text: 'ROWS', current: 1, total: 2, line: 1 };
    const found = draw({ lines: ['rows=1 rows=2', 'rows=3'], search }, 4);
    const { match, currentMatch } = theme.open;
    expect(found[1]).toContain(`${match}rows\x1b[0m=1 ${match}rows\x1b[0m=2`);
    expect(found[2]).toContain(`${currentMatch}rows\x1b[0m=3`);
    expect(plain(found[3]!)).toContain('/ROWS 1 of 2');
    const scrolled = draw({ lines: ['rows=1 rows=2'], search, offset: 2 }, 3);
    expect(scrolled[1]).toContain(`${match}ws\x1b[0m=1 ${match}rows\x1b[0m=2`);
    const wrapped = draw({ lines: [`${'x'.repeat(59)}rows=2`], search, wrap: true }, 4);
    expect(wrapped[1]).toContain(`${match}ro\x1b[0m`);
    expect(wrapped[2]).toContain(`${match}ws\x1b[0m=2`);
  });

  describe('of a task that prints in colours', () => {
    const coloured = shownLine({ text: '\x1b[32mINFO\x1b[0m week=17 \x1b[1;31mrows=4\x1b[0m error' });
    const rowsOf = (some: Partial<LogPaneView>, at = theme) =>
      logPane(
        { ...view, lines: [coloured], ...some },
        { digit: 2, width: 24, height: 5, focused: false, zoomed: true },
        at,
      );
    const green = '\x1b[32m';
    const red = '\x1b[1;31m';

    test('keeps them, and guesses none from words', () => {
      expect(rowsOf({})[1]).toBe(`${green}INFO\x1b[0m week=17 ${red}rows=4\x1b[0m erro`);
    });

    test('keeps them in the rows of a wrapped line', () => {
      const rows = rowsOf({ wrap: true });
      expect(rows[1]).toBe(`${green}INFO\x1b[0m week=17 ${red}rows=4\x1b[0m erro`);
      expect(rows[2]).toBe(`r${' '.repeat(23)}`);
      const cut = logPane(
        { ...view, lines: [coloured], wrap: true },
        { digit: 2, width: 16, height: 5, focused: false, zoomed: true },
        theme,
      );
      expect(cut.slice(1, 3)).toEqual([
        `${green}INFO\x1b[0m week=17 ${red}row\x1b[0m`,
        `${red}s=4\x1b[0m error${' '.repeat(7)}`,
      ]);
    });

    test('keeps them when it is scrolled sideways', () => {
      expect(rowsOf({ offset: 2 })[1]).toBe(`${green}FO\x1b[0m week=17 ${red}rows=4\x1b[0m error `);
      expect(rowsOf({ offset: 15 })[1]).toBe(`${red}ws=4\x1b[0m error${' '.repeat(14)}`);
    });

    test('marks matches over them', () => {
      const { match } = theme.open;
      const row = rowsOf({ search: { text: 'fo week', current: 0, total: 1 } })[1];
      expect(row).toBe(`${green}IN\x1b[0m${match}FO week\x1b[0m=17 ${red}rows=4\x1b[0m erro`);
    });

    test('has none without colours and in ASCII', () => {
      for (const look of [
        { colour: false, unicode: true },
        { colour: true, unicode: false },
      ]) {
        expect(rowsOf({}, createTheme(look))[1]).toBe('INFO week=17 rows=4 erro');
      }
    });
  });

  test('says when lines came, which are of stderr, and of all tasks who printed them', () => {
    const at = new Date(2026, 0, 5, 8, 0, 12, 345).getTime() as EpochMs;
    const shown = (['stdout', 'stderr', 'both'] as const).map((stream) =>
      shownLine({ text: `to ${stream}`, stamp: { at, stream }, task: 'load' as TaskId, attempt: 2 }),
    );
    const rows = (some: Partial<LogPaneView>) =>
      plain(
        logPane(
          { ...view, lines: [...shown, shownLine({ text: 'of before' })], ...some },
          { digit: 2, width: 50, height: 6, focused: false, zoomed: true },
          theme,
        ),
      ).split('\n');
    expect(
      rows({ stamps: true })
        .slice(1, 5)
        .map((row) => row.trimEnd()),
    ).toEqual([
      '08:00:12.345     to stdout',
      '08:00:12.345 err to stderr',
      '08:00:12.345 mix to both',
      '                 of before',
    ]);
    expect(
      rows({ names: 6 })
        .slice(0, 3)
        .map((row) => row.trimEnd()),
    ).toEqual([
      expect.stringMatching(/^ 2 Log all tasks +FOLLOW ─ 88,214 lines$/),
      'load#2 │ to stdout',
      'load#2 │ to stderr',
    ]);
    const wrapped = rows({ names: 6, wrap: true, lines: [{ ...shown[0]!, text: 'x'.repeat(50) }] });
    expect(wrapped.slice(1, 3).map((row) => row.trimEnd())).toEqual([
      `load#2 │ ${'x'.repeat(41)}`,
      `${' '.repeat(9)}${'x'.repeat(9)}`,
    ]);
  });

  test('shows marked lines inverted in their whole width', () => {
    const rows = draw({ lines: ['one', 'two', 'three'], marked: [1, 2], following: false }, 6);
    expect(rows[1]).not.toContain('\x1b[7m');
    for (const row of [rows[2]!, rows[3]!]) expect(row).toContain('\x1b[7m');
    expect(plain(rows[5]!)).toContain('2 lines marked');
  });

  test('keeps its width when a match ends inside a character of several code points', () => {
    const search = { text: '❤', current: 1, total: 1, line: 0 };
    const row = draw({ lines: ['a ❤\ufe0f b'], search }, 3)[1]!;
    expect(stringWidth(plain(row))).toBe(64);
  });

  test('says why it is empty', () => {
    const { task: _, ...none } = view;
    expect(plain(draw({ lines: [], total: 0 }, 3))).toContain('no output yet');
    expect(plain(draw({ lines: [], total: 0, output: 'none' }, 3))).toContain('no output  ');
    expect(plain(draw({ lines: [], total: 0, output: 'not-run' }, 3))).toContain('no output: it was not run');
    expect(plain(draw({ lines: [], total: 0, errorsOnly: true }, 3))).toContain('no line looks like an error');
    const shape = { width: 64, height: 3, focused: false, zoomed: false };
    expect(plain(logPane({ ...none, lines: [] }, shape, theme))).toContain('select a task');
  });

  test.each([
    ['10:00 ERROR connection reset', true],
    ['psql:schema.sql:3: ERROR:  relation "x" does not exist', true],
    ['Traceback (most recent call last):', true],
    ["KeyError: 'season'", true],
    ['Error in library(nflreadr) : there is no package', true],
    ['error_rate=0.02 failed=0', false],
    ['terrors of the deep', false],
    ['committed 1000 rows', false],
  ])('treats %j as an error: %s', (line, is) => {
    expect(isErrorLine(line)).toBe(is);
  });
});
