import { describe, expect, test } from 'vitest';
import type { EpochMs, TaskState } from '../../../src/engine/index.ts';
import { checkDisplay } from '../../../src/ui/status/check-display.ts';
import {
  conditionGlyph,
  conditionOf,
  conditionStyle,
  conditions,
  conditionWord,
} from '../../../src/ui/status/task-display.ts';
import { createTheme } from '../../../src/ui/theme.ts';

const unicode = createTheme({ colour: true, unicode: true });
const ascii = createTheme({ colour: true, unicode: false });

describe('the theme', () => {
  test('names every state with an icon and a text, and no two states with the same of both', () => {
    for (const theme of [unicode, ascii]) {
      const faces = conditions.map((condition) => `${conditionGlyph(condition, theme)} ${conditionWord(condition)}`);
      expect(new Set(faces).size).toBe(faces.length);
    }
    expect(conditions.map((condition) => conditionGlyph(condition, unicode)).join('')).toBe('✗✗⠋↻⠋•·⊘⊘≈»✓');
    expect(conditions.map((condition) => conditionGlyph(condition, ascii)).join('')).toBe('xx*r*o.--~>+');
  });

  test('animates running tasks, and nothing else', () => {
    expect([0, 100, 200, 1000].map((now) => conditionGlyph('running', unicode, now))).toEqual(['⠋', '⠙', '⠹', '⠋']);
    expect(conditionGlyph('failed', unicode, 100)).toBe('✗');
  });

  test.each<readonly [TaskState, string]>([
    [{ kind: 'running', attempt: 1, startedAt: 0 as EpochMs, fallback: false }, 'running'],
    [{ kind: 'running', attempt: 1, startedAt: 0 as EpochMs, fallback: false, stopping: 'cancel' }, 'stopping'],
    [{ kind: 'succeeded', attempt: 1 }, 'succeeded'],
    [{ kind: 'succeeded', attempt: 1, degraded: 'old odds' }, 'degraded'],
  ])('%j is %s', (state, condition) => {
    expect(conditionOf(state)).toBe(condition);
  });

  test('shows wrong data with another icon and another colour than a failed task', () => {
    const result = { check: 'c', summary: '', measured: {}, durationMs: 1 };
    for (const theme of [unicode, ascii]) {
      const wrong = checkDisplay({ kind: 'done', result: { ...result, verdict: 'fail' } }, theme, 0);
      const broken = checkDisplay({ kind: 'done', result: { ...result, verdict: 'error' } }, theme, 0);
      expect(wrong.glyph).not.toBe(conditionGlyph('failed', theme));
      expect(theme.open[wrong.style]).not.toBe(theme.open[conditionStyle('failed')]);
      // The header counts both by their signs: a check that could not be asked is no failed task.
      expect(broken.glyph).not.toBe(conditionGlyph('failed', theme));
      expect(broken.glyph).not.toBe(wrong.glyph);
      expect(theme.open[broken.style]).toBe(theme.open[conditionStyle('failed')]);
    }
  });

  test('without colours keeps bold, dim and inverse', () => {
    const { open } = createTheme({ colour: false, unicode: true });
    for (const sgr of Object.values(open))
      expect(['', '\u001b[1m', '\u001b[2m', '\u001b[4m', '\u001b[7m']).toContain(sgr);
    expect(open.selected).toBe('\u001b[7m');
    expect(open.badBold).toBe('\u001b[1m');
    expect(open.match).not.toBe(open.currentMatch);
  });
});
