import type { TaskState } from '../../engine/index.ts';
import type { Glyphs, Style, Theme } from '../theme.ts';

/** A task's state as it is shown: finer than its kind, the most urgent first. */
export type Condition = keyof typeof displays;

export function conditionOf(state: TaskState): Condition {
  switch (state.kind) {
    case 'running':
      return state.stopping === undefined ? 'running' : 'stopping';
    case 'succeeded':
      return state.degraded === undefined ? 'succeeded' : 'degraded';
    case 'backing-off':
      return 'retrying';
    default:
      return state.kind;
  }
}

const displays = {
  failed: { glyph: 'failed', word: 'failed', style: 'bad', also: [] },
  'timed-out': { glyph: 'failed', word: 'timed out', style: 'bad', also: ['timed-out', 'failed'] },
  stopping: { glyph: 'running', word: 'stopping', style: 'warn', also: ['running'] },
  retrying: { glyph: 'retrying', word: 'retrying', style: 'warn', also: ['backing-off'] },
  running: { glyph: 'running', word: 'running', style: 'busy', also: [] },
  ready: { glyph: 'ready', word: 'ready', style: 'plain', also: [] },
  waiting: { glyph: 'waiting', word: 'waiting', style: 'dim', also: [] },
  'upstream-failed': { glyph: 'stopped', word: 'not run', style: 'bad', also: ['upstream-failed', 'blocked'] },
  cancelled: { glyph: 'stopped', word: 'cancelled', style: 'dim', also: [] },
  degraded: { glyph: 'degraded', word: 'degraded', style: 'warn', also: ['succeeded', 'done'] },
  skipped: { glyph: 'skipped', word: 'skipped', style: 'dim', also: [] },
  succeeded: { glyph: 'succeeded', word: 'done', style: 'good', also: ['succeeded'] },
} as const satisfies Record<
  string,
  { readonly glyph: keyof Glyphs; readonly word: string; readonly style: Style; readonly also: readonly string[] }
>;

/** All conditions, the most urgent first. */
export const conditions = Object.keys(displays) as readonly Condition[];

/** The rank of a condition; 0 = most urgent. */
export const urgency = Object.fromEntries(conditions.map((condition, index) => [condition, index])) as Readonly<
  Record<Condition, number>
>;

export function conditionWord(condition: Condition): string {
  return displays[condition].word;
}

export function conditionStyle(condition: Condition): Style {
  return displays[condition].style;
}

/** Whether `word` is the beginning of a name of the condition. */
export function isCalled(condition: Condition, word: string): boolean {
  const { word: name, also } = displays[condition];
  return name.startsWith(word) || also.some((other) => other.startsWith(word));
}

/** The sign of a condition; what runs turns with time when `now` is given. */
export function conditionGlyph(condition: Condition, theme: Theme, now?: number): string {
  const { glyph } = displays[condition];
  const { spinner } = theme.glyphs;
  if (glyph === 'running' && now !== undefined) return spinner[Math.floor(now / turnMs) % spinner.length]!;
  return theme.glyphs[glyph];
}

const turnMs = 100;
