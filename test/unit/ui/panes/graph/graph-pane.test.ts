import { stripVTControlCharacters as plainText } from 'node:util';
import { describe, expect, test } from 'vitest';
import { graph } from '../../../../../src/ui/panes/graph/graph-pane.ts';
import type { Frame } from '../../../../../src/ui/store/frame.ts';
import { createTheme } from '../../../../../src/ui/theme.ts';
import { type PressedScreen, screenOf, selectedName } from '../../support/screen-of.ts';

const theme = createTheme({ colour: false, unicode: true });

/** On the task of that name, with its neighbourhood open. */
function around(name: string): PressedScreen {
  return screenOf().press('/', ...name, 'Enter', 'Home', 'j', 'g');
}

function rowsOf({ view }: PressedScreen, width = 76, height = 12): readonly string[] {
  const frame: Frame = { ...view, meters: [], criticalPath: [] };
  const rows = graph.rows(frame, { width, height, focused: true, zoomed: false }, theme);
  return rows.map((row) => plainText(row).replace(/^│/, '').replace(/ *│$/, '')).filter((row) => row !== '');
}

function cursorOf({ screen }: PressedScreen): string | undefined {
  return screen.graph?.at;
}

describe('the neighbourhood of the selected task', () => {
  test('shows what it waits for and what waits for it, with their states', () => {
    const screen = around('nflverse_pbp');
    expect(screen.screen).toMatchObject({ focus: 'graph', shown: 'graph' });
    const rows = rowsOf(screen);
    expect(rows[0]).toMatch(/Graph nflverse_pbp .* 1 step of 2/);
    expect(rows.slice(1, -1).join('\n')).toMatch(/✓ +nflverse_schedules +succeeded {2}6\.2s/);
    for (const name of ['plays_reference_games', 'epa_aggregation', 'play_classification'])
      expect(rows.join('\n')).toContain(name);
    expect(rows.join('\n')).not.toContain('asof_features');
  });

  test('reaches a step farther with Space, until it is all there, and then begins anew', () => {
    const farther = around('nflverse_pbp').press(' ');
    expect(rowsOf(farther).join('\n')).toContain('asof_features');
    expect(rowsOf(farther)[0]).toContain('all of it');
    expect(rowsOf(farther.press(' '))[0]).toContain('1 step of 2');
  });

  test('moves from task to task, and selects one with Enter, whose neighbourhood it then shows', () => {
    const screen = around('nflverse_pbp');
    expect(cursorOf(screen.press('Up'))).toBe('nflverse_schedules');
    const above = screen.press('Up', 'Enter');
    expect(selectedName(above)).toBe('nflverse_schedules');
    expect(rowsOf(above)[0]).toContain('Graph nflverse_schedules');
    expect(selectedName(above.press('End', 'Enter', 'Home', 'Enter'))).toBe('nflverse_schedules');
  });

  test('opens the checks on a gate', () => {
    const screen = around('nflverse_pbp').press('j');
    expect(cursorOf(screen)).toBe('plays_reference_games');
    expect(screen.press('Enter').screen).toMatchObject({ focus: 'checks', shown: 'checks' });
  });

  test('closes with g and with Esc, and leaves what was selected', () => {
    for (const key of ['g', 'Esc']) {
      const closed = around('nflverse_pbp').press(key);
      expect(closed.screen).toMatchObject({ focus: 'tasks' });
      expect(closed.screen.shown).toBeUndefined();
      expect(selectedName(closed)).toBe('nflverse_pbp');
    }
  });

  test('keeps to its width and height, whatever they are', () => {
    for (const [width, height] of [
      [20, 3],
      [58, 8],
      [150, 40],
    ] as const) {
      const { view } = around('nflverse_pbp').press(' ');
      const rows = graph.rows(
        { ...view, meters: [], criticalPath: [] },
        { width, height, focused: true, zoomed: false },
        theme,
      );
      expect(rows).toHaveLength(height);
      for (const row of rows) expect(plainText(row)).toHaveLength(width);
    }
  });
});
