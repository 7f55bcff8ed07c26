import { describe, expect, test } from 'vitest';
import type { RunState } from '../../../src/engine/index.ts';
import { createTheme } from '../../../src/ui/theme.ts';
import { headerRow } from '../../../src/ui/view/header-row.ts';
import { phaseWords } from '../../../src/ui/view/phase-words.ts';
import { halfWayRun, metersOf, named } from './half-way-run.ts';
import { plain } from './plain.ts';

const theme = createTheme({ colour: true, unicode: true });
const { state, now } = halfWayRun();

function draw(width: number, meters: number, of: RunState = state): string {
  return plain(headerRow({ state: of, now, meters: metersOf(60).slice(0, meters) }, width, theme));
}

describe('the header', () => {
  test('says less in less room', () => {
    expect([200, 160, 120, 100, 60].map((width) => draw(width, 0)).join('\n')).toMatchInlineSnapshot(`
      " etl-tui  nfl-refresh  20260105_060000_k3v9  RUNNING 00:41   ✓ 3 done  ⠋ 1 running  ↻ 1 retrying  ✗ 1 failed  · 4 waiting                                                         slots 1/8  31.8k rows 
       etl-tui  nfl-refresh  20260105_060000_k3v9  RUNNING 00:41   ✓ 3 done  ⠋ 1 running  ↻ 1 retrying  ✗ 1 failed  · 4 waiting                 slots 1/8  31.8k rows 
       etl-tui  nfl-refresh  RUNNING 00:41   ✓ 3 done  ⠋ 1 running  ↻ 1 retrying  ✗ 1 failed  · 4 waiting           slots 1/8 
       etl-tui nfl-refresh RUN 00:41   ✓3 ⠋1 ↻1 ✗1 ·4                               slots 1/8  31.8k rows 
       etl-tui nfl-refresh RUN 00:41   ✓3 ⠋1 ↻1 ✗1 ·4             "
    `);
  });

  test('has sparklines where there are no charts', () => {
    expect([140, 100, 80, 70, 60].map((width) => draw(width, 3)).join('\n')).toMatchInlineSnapshot(`
      " etl-tui  nfl-refresh  RUNNING 00:41   ✓ 3 done  ⠋ 1 running  ↻ 1 retrying  ✗ 1 failed  · 4 waiting    cpu 57%  mem 54%  db 6/40  slots 1/8 
       etl-tui nfl-refresh RUN 00:41   ✓3 ⠋1 ↻1 ✗1 ·4         cpu ▆▆▆▆▅ 57%  mem ▅▅▅▅▅ 54%  db ▂▂▂▂▂ 6/40 
       etl-tui nfl-refresh RUN 00:41   ✓3 ⠋1 ↻1 ✗1 ·4    cpu ▆▆▆▆▅ 57%  mem ▅▅▅▅▅ 54% 
       etl-tui nfl-refresh RUN 00:41   ✓3 ⠋1 ↻1 ✗1 ·4      cpu 57%  mem 54% 
       etl-tui nfl-refresh RUN 00:41   ✓3 ⠋1 ↻1 ✗1 ·4             "
    `);
  });

  const wrong = state.checks.map((check) =>
    check.kind === 'done' ? { ...check, result: { ...check.result, verdict: 'fail' as const } } : check,
  );
  test.each<readonly [string, Partial<RunState>]>([
    ['RUNNING', {}],
    ['PAUSED', { paused: true }],
    ['CANCELLING', { phase: { kind: 'draining', reason: { kind: 'cancelled' } } }],
    ['DRAINING', { phase: { kind: 'draining', reason: { kind: 'critical', task: named('asof_features') } } }],
    ['SUCCESS', { phase: { kind: 'finished', status: 'success' } }],
    ['DATA FAILED', { phase: { kind: 'finished', status: 'success' }, checks: wrong }],
    ['FAILED', { phase: { kind: 'finished', status: 'failed' }, checks: wrong }],
    ['CANCELLED', { phase: { kind: 'finished', status: 'cancelled' } }],
    ['STARTING', { phase: { kind: 'planned' } }],
  ])('says %s', (word, change) => {
    expect(phaseWords({ ...state, ...change }).word).toBe(word);
    expect(draw(200, 0, { ...state, ...change })).toContain(` ${word} `);
  });

  test('stands still when the run has ended', () => {
    const ended = { ...state, finishedAt: (state.startedAt! + 30_000) as never };
    expect(draw(120, 0, ended)).toContain(' 00:30 ');
  });
});
