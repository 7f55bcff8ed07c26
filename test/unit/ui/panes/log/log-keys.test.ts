import { describe, expect, test } from 'vitest';
import { clipboardBytes, copiedText } from '../../../../../src/ui/panes/log/copied-text.ts';
import { shownLine } from '../../../../../src/ui/panes/log/shown-line.ts';
import { screenOf } from '../../support/screen-of.ts';

const lines = Array.from({ length: 40 }, (_, index) => shownLine({ text: `line ${60 + index}` }));
const log = { total: 100, first: 60, lines };

describe('marking lines of a log', () => {
  test('begins at the last line of a log that follows, which is paused, and moves from there', () => {
    const screen = screenOf({ log }).press('v', 'k', 'k', 'k');
    expect(screen.screen).toMatchObject({
      focus: 'log',
      log: { following: false, mark: { anchor: 99, head: 96 } },
    });
    const copied = screen.press('y');
    expect(copied.commands).toEqual([{ type: 'copy', lines: [96, 99] }]);
    expect(copied.screen.log.mark).toBeUndefined();
  });

  test('scrolls to keep its end in sight, and stops at the ends of the log', () => {
    const up = screenOf({ log }).press('v', 'Home').screen.log;
    expect(up).toMatchObject({ top: 0, mark: { anchor: 99, head: 0 } });
    const down = screenOf({ log }).press('v', 'Home', 'End').screen.log;
    expect(down).toMatchObject({ mark: { anchor: 99, head: 99 } });
    expect(down.top).toBeGreaterThan(50);
  });

  test('begins at the first line shown of a paused log, and is ended by v, Esc and f', () => {
    const paused = screenOf({ log }).press('2', 'Home');
    expect(paused.press('v', 'j').screen.log.mark).toEqual({ anchor: 0, head: 1 });
    for (const key of ['v', 'Esc', 'f']) expect(paused.press('v', key).screen.log.mark).toBeUndefined();
  });

  test('is refused where there is no output', () => {
    expect(screenOf({ log: { total: 0, lines: [] } }).press('v').screen.message?.text).toBe('mark: there is no output');
  });
});

describe('the output of all tasks', () => {
  test('is shown by *, stays when another task is selected, and is left by * and Esc', () => {
    const all = screenOf({ log }).press('*');
    expect(all.screen.log).toMatchObject({ all: true, following: true });
    expect(all.press('j', 'j').screen.log.all).toBe(true);
    expect(all.press('*').screen.log.all).toBe(false);
    expect(all.press('2', 'Esc').screen.log.all).toBe(false);
  });

  test('has no attempts and no pager, and says so', () => {
    const all = screenOf({ log }).press('*');
    expect(all.press('t').screen.message?.text).toBe('attempt: the log shows all tasks; * shows one');
    expect(all.press('O').screen.message?.text).toMatch(
      /^open: the log shows all tasks; etl-tui logs \S+ prints them$/,
    );
  });
});

describe('what is copied', () => {
  test('is plain text, of all tasks with their names', () => {
    const shown = [shownLine({ text: '\x1b[31mred\x1b[0m', task: 'load' as never }), shownLine({ text: 'b' })];
    expect(copiedText(shown, false)).toEqual({ text: 'red\nb', lines: 2 });
    expect(copiedText(shown, true)).toEqual({ text: 'load | red\nb', lines: 2 });
  });

  test('is as many whole lines as a terminal takes, and of a longer one its beginning', () => {
    const many = Array.from({ length: 2_000 }, () => shownLine({ text: 'ü'.repeat(50) }));
    const { text, lines: count } = copiedText(many, false);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(clipboardBytes);
    expect(count).toBe(Math.floor(clipboardBytes / 101));
    const long = copiedText([shownLine({ text: '\u{1f600}'.repeat(60_000) })], false);
    expect(long.lines).toBe(1);
    expect(Buffer.byteLength(long.text)).toBeLessThanOrEqual(clipboardBytes);
  });
});

describe('a key without an effect says why', () => {
  test.each([
    ['Q', 'Q does nothing here; ? shows all keys'],
    [',', ',: works only in a replay'],
    ['Left', undefined],
    ['n', 'next match: no search yet; / in the log pane starts one'],
    ['t', 'attempt: there is only one'],
  ])('%s', (key, text) => {
    expect(screenOf({ log }).press(key).screen.message?.text).toBe(text);
  });

  test('a key of another pane names it', () => {
    expect(screenOf({ log }).press('c').screen.message?.text).toBe('c: works in history (6)');
    expect(screenOf({ log }).press('3', 'Left').screen.message?.text).toMatch(
      /^Left: works in tasks \(1\), .*log \(2\)/,
    );
  });
});
