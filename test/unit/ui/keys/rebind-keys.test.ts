import { afterEach, describe, expect, test } from 'vitest';
import { footerKeys, helpKeys } from '../../../../src/ui/keys/key-lines.ts';
import { takeKeys } from '../../../../src/ui/keys/take-keys.ts';
import { screenOf, selectedName } from '../support/screen-of.ts';

/** A screen with these keys chosen. */
function screenWith(chosen: Readonly<Record<string, readonly string[]>>, given: Parameters<typeof screenOf>[0] = {}) {
  takeKeys(new Map(Object.entries(chosen)));
  return screenOf(given);
}

afterEach(() => takeKeys(new Map()));

test('a chosen key does what the usual one did, and the usual one nothing', () => {
  const screen = screenWith({ zoom: ['Z'] });
  expect(screen.press('Z').screen.zoomed).toBe(true);
  expect(screen.press('z').screen.zoomed).toBe(false);
});

test('of keys that belong together, one can be chosen alone', () => {
  const screen = screenWith({ down: ['Ctrl+N', 'b'] }).press('Home');
  const second = selectedName(screen.press('Ctrl+N'));
  expect(selectedName(screen.press('b'))).toBe(second);
  expect(selectedName(screen.press('Ctrl+N', 'k'))).toBe(selectedName(screen));
  expect(selectedName(screen.press('j'))).toBe(selectedName(screen));
});

test('two actions change their keys', () => {
  const screen = screenWith({ detail: ['L'], limits: ['d'] });
  expect(screen.press('L').screen.detail).toBe(true);
  expect(screen.press('d').screen.shown).toBe('limits');
});

describe('footer and help', () => {
  test('show the chosen keys', () => {
    const { view } = screenWith({ skip: ['S'], 'fewer-slots': ['Ctrl+X'] });
    const keys = new Map(footerKeys(view, 200).map(({ keys, label }) => [label, keys]));
    expect(keys.get('skip')).toBe('S');
    expect(keys.get('slots')).toBe('+ Ctrl+X');
    expect(helpKeys(view).find(({ label }) => label === 'skip')?.keys).toBe('S');
  });

  test('leave out what was taken off the keyboard', () => {
    const { view } = screenWith({ cancel: [], quit: [] });
    for (const lines of [footerKeys(view, 200), helpKeys(view)])
      expect(lines.filter(({ label }) => label === 'cancel' || label === 'quit')).toEqual([]);
  });
});

test('a key of the same pane or a replay stays before one that is chosen for everywhere', () => {
  const screen = screenWith({ follow: [' '] });
  expect(screen.press(' ').screen.marked.size).toBeGreaterThan(0);
  expect(screen.press('2', ' ').screen.log.following).toBe(!screen.screen.log.following);
});

test('the help is left by the chosen key for quitting and moved by the chosen keys for moving', () => {
  const screen = screenWith({ quit: ['Q'], down: ['Ctrl+N'] }, { columns: 80, rows: 24 }).press('?');
  expect(screen.press('Ctrl+N').screen.help).toBe(1);
  expect(screen.press('Q').screen.help).toBeUndefined();
});

test('a screen that is too small is left by the chosen key', () => {
  const screen = screenWith({ quit: ['Q'] }, { columns: 20, rows: 5 });
  const asked = (key: string) => screen.press(key).screen.prompt;
  expect(screen.press('Q').screen !== screen.screen || asked('Q') !== undefined).toBe(true);
  expect(asked('q')).toBeUndefined();
});

test('texts that name keys name the chosen ones', () => {
  const screen = screenWith({ wrap: ['W'], retry: ['Y'], help: ['Ctrl+G'], down: ['Ctrl+N'] });
  expect(screen.press('W', '>').screen.message?.text).toBe('sideways: lines are wrapped; W changes that');
  expect(screen.press('w').screen.message?.text).toBe('w does nothing here; Ctrl+G shows all keys');
  const help = new Map(helpKeys(screen.view).map(({ keys, help }) => [keys, help]));
  expect(help.get('Space')).toBe('mark it: Y R s x act on all marked tasks');
  expect(help.get('Ctrl+N k')).toBe('down and up');
});
