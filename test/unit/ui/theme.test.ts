import { describe, expect, test } from 'vitest';
import { verdictDisplays } from '../../../src/display/states/check-display.ts';
import { conditionOf, conditions, taskDisplay } from '../../../src/display/states/task-display.ts';
import type { EpochMs, TaskId, TaskState } from '../../../src/engine/index.ts';
import { conditionIcon, conditionStyle, iconText } from '../../../src/ui/status/state-icon.ts';
import { createTheme, severityStyles } from '../../../src/ui/theme.ts';

const unicode = createTheme({ colour: true, unicode: true });
const ascii = createTheme({ colour: true, unicode: false });

describe('the theme', () => {
  test('names every state with an icon and a text, and no two states with the same of both', () => {
    for (const theme of [unicode, ascii]) {
      const shown = conditions.map((condition) => `${conditionIcon(condition, theme)} ${taskDisplay(condition).word}`);
      expect(new Set(shown).size).toBe(shown.length);
    }
    expect(conditions.map((condition) => conditionIcon(condition, unicode)).join('')).toBe('✗✗⠋↻⠋•◔◷·⊘⊘!≈≤»∅=✓');
    expect(conditions.map((condition) => conditionIcon(condition, ascii)).join('')).toBe('xx*r*oaw.--!~<>0=+');
  });

  test('animates running tasks, and nothing else', () => {
    expect([0, 100, 200, 1000].map((now) => conditionIcon('running', unicode, now))).toEqual(['⠋', '⠙', '⠹', '⠋']);
    expect(conditionIcon('failed', unicode, 100)).toBe('✗');
  });

  test.each<readonly [TaskState, string]>([
    [{ kind: 'running', attempt: 1, startedAt: 0 as EpochMs, fallback: false }, 'running'],
    [{ kind: 'running', attempt: 1, startedAt: 0 as EpochMs, fallback: false, stopping: 'cancel' }, 'stopping'],
    [{ kind: 'succeeded', attempt: 1 }, 'succeeded'],
    [{ kind: 'succeeded', attempt: 1, degraded: 'old odds' }, 'degraded'],
    [{ kind: 'upstream-failed', because: 'odds' }, 'not-run'],
    [{ kind: 'cancelled', reason: '', withRun: true }, 'not-run'],
    [{ kind: 'cancelled', reason: 'by the operator', withRun: false }, 'cancelled'],
  ])('%j is %s', (state, condition) => {
    expect(conditionOf({ state })).toBe(condition);
  });

  test('a task with stale data is stale, unless something stood in for it, which is degraded', () => {
    const stale = { since: 0 as EpochMs, task: 'odds' as TaskId, why: 'rerun' } as const;
    expect(conditionOf({ state: { kind: 'succeeded', attempt: 1 }, stale })).toBe('stale');
    expect(conditionOf({ state: { kind: 'succeeded', attempt: 1, degraded: 'old odds' }, stale })).toBe('degraded');
  });

  test('shows wrong data with another icon and another colour than a failed task', () => {
    const { fail, error } = verdictDisplays;
    for (const theme of [unicode, ascii]) {
      const failedTask = theme.open[conditionStyle('failed')];
      expect(iconText(fail.icon, theme)).not.toBe(conditionIcon('failed', theme));
      expect(theme.open[severityStyles[fail.severity]]).not.toBe(failedTask);
      // The header counts both by their icons: a check that had an error is no failed task.
      expect(iconText(error.icon, theme)).not.toBe(conditionIcon('failed', theme));
      expect(iconText(error.icon, theme)).not.toBe(iconText(fail.icon, theme));
      expect(theme.open[severityStyles[error.severity]]).toBe(failedTask);
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
