import { describe, expect, test } from 'vitest';
import type { PastRun } from '../../../../src/ui/panes/history/history.ts';
import { historyPane } from '../../../../src/ui/panes/history/history-pane.ts';
import { createTheme } from '../../../../src/ui/theme.ts';
import { start } from '../support/half-way-run.ts';
import { plain } from '../support/plain.ts';

const theme = createTheme({ colour: true, unicode: true });
const day = 86_400_000;
const runs: readonly PastRun[] = [
  {
    run: '20260104_060000_k3v9',
    status: 'success',
    completedAt: start - day,
    durationMs: 340_000,
    failed: 0,
    degraded: 1,
    warned: 2,
    failedChecks: 0,
    params: { season: '2024', week: '7' },
    speedup: 2.31,
  },
  {
    run: '20260103_060000_p0q2',
    status: 'failed',
    verdict: 'task-failed',
    completedAt: start - 2 * day,
    durationMs: 120_000,
    failed: 2,
    degraded: 0,
  },
  {
    run: '20260102_060000_m7c1',
    status: 'cancelled',
    completedAt: start - 3 * day,
    durationMs: 30_000,
    failed: 0,
    degraded: 0,
  },
  {
    run: '20260101_060000_a1b2',
    status: 'failed',
    verdict: 'check-failed',
    completedAt: start - 4 * day,
    durationMs: 260_000,
    failed: 0,
    degraded: 0,
    failedChecks: 1,
    warned: 0,
  },
];
const trends = [
  { task: 'nflverse_pbp', durationsMs: [120e3, 130e3, 125e3, 240e3], medianMs: 125e3, ratio: 1.92, regressed: true },
  { task: 'weather_fetch', durationsMs: [9e3, 9e3, 9.5e3, 7e3], medianMs: 9e3, ratio: 0.78, regressed: false },
  { task: 'materialized_views', durationsMs: [100, 1_200], regressed: false },
];

function draw(width: number, height: number, view = { runs, trends, selected: 0 }): string {
  return plain(historyPane(view, { digit: 6, width, height, focused: false, zoomed: false }, theme));
}

describe('the history pane', () => {
  test('is side by side where there is space', () => {
    expect(draw(130, 8)).toMatchInlineSnapshot(`
      "╭ 6 History 4 runs ───────────────────────────────────────────────────────────────────────────────────────── 1 slower than usual ╮
      │ succeeded █  longest 5m40s                                        task            trend       median of  latest  change        │
      │›✓ 20260104_060000_k3v9   5m40s  2026-01-04 06:00 UTC  ! 2  ≈ 1    nflverse_pbp          ▅▅▅█   2m05s  4   4m00s    +92% slower │
      │ ✗ 20260103_060000_p0q2   2m00s  2026-01-03 06:00 UTC  2 failed    weather_fetch         ███▆    9.0s  4    7.0s    -22%        │
      │ ⊘ 20260102_060000_m7c1     30s  2026-01-02 06:00 UTC  cancelled   materia…_views          ▁█               1.2s                │
      │ ≠ 20260101_060000_a1b2   4m20s  2026-01-01 06:00 UTC  ≠ 1                                                                      │
      │ parameters season=2024  week=7   2.3 times as fast as one by one                                                               │
      ╰─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────── 1/4 ╯"
    `);
  });

  test('is stacked where there is not', () => {
    expect(draw(80, 13)).toMatchInlineSnapshot(`
      "╭ 6 History 4 runs ─────────────────────────────────────── 1 slower than usual ╮
      │ succeeded █  longest 5m40s                                                   │
      │›✓ 20260104_060000_k3v9   5m40s  2026-01-04 06:00 UTC  2 warned, 1 degraded   │
      │ ✗ 20260103_060000_p0q2   2m00s  2026-01-03 06:00 UTC  2 failed               │
      │ ⊘ 20260102_060000_m7c1     30s  2026-01-02 06:00 UTC  cancelled              │
      │ ≠ 20260101_060000_a1b2   4m20s  2026-01-01 06:00 UTC  1 check failed         │
      │ parameters season=2024  week=7   2.3 times as fast as one by one             │
      │                                                                              │
      │ task                trend       median of  latest  change                    │
      │ nflverse_pbp              ▅▅▅█   2m05s  4   4m00s    +92% slower             │
      │ weather_fetch             ███▆    9.0s  4    7.0s    -22%                    │
      │ materialized_views          ▁█               1.2s                            │
      ╰───────────────────────────────────────────────────────────────────────── 1/4 ╯"
    `);
  });

  test('says when there is no history', () => {
    const none = historyPane(
      { runs: [], trends: [], selected: 0 },
      { width: 60, height: 4, focused: false, zoomed: false },
      theme,
    );
    expect(plain(none)).toContain('no runs yet');
  });
});
