import { describe, expect, test } from 'vitest';
import type { PerformanceRecord, RunComparison, RunId, TaskId } from '../../../../src/engine/index.ts';
import { historyOf, type PastRun } from '../../../../src/ui/panes/history/history.ts';
import { type HistoryView, historyPane } from '../../../../src/ui/panes/history/history-pane.ts';
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

const regressions = [
  {
    task: 'nflverse_pbp' as TaskId,
    seconds: 240,
    usual_seconds: 125,
    change: 0.92,
    compared_runs: 5,
    since: '20260104_060000_k3v9' as RunId,
    slower_runs: 1,
  },
];

const ofRun = (run_id: string, total_duration_seconds: number) =>
  ({ run_id, total_duration_seconds }) as RunComparison['run'];
const comparison: HistoryView['comparison'] = {
  run: ofRun('20260104_060000_k3v9', 340),
  against: ofRun('20260103_060000_p0q2', 120),
  difference_seconds: 220,
  change: 1.833,
  plan_changed: true,
  params: [{ name: 'week', run: '7', against: '6' }],
  isOver: true,
  tasks: [
    {
      task: 'schedules' as TaskId,
      run: { status: 'success', attempts: 1, seconds: 6, rows: 570 },
      against: { status: 'success', attempts: 1, seconds: 6.3, rows: 285 },
      difference_seconds: -0.3,
      change: -0.05,
    },
    {
      task: 'nflverse_pbp' as TaskId,
      run: { status: 'success', attempts: 1, seconds: 240, rows: 49_665 },
      against: { status: 'success', attempts: 1, seconds: 20, rows: 49_000 },
      difference_seconds: 220,
      change: 11,
    },
    {
      task: 'weather_fetch' as TaskId,
      run: { status: 'success', attempts: 1, seconds: 7, degraded: 'of yesterday' },
      against: { status: 'failed', attempts: 3, seconds: 9 },
      difference_seconds: -2,
      change: -0.22,
    },
    { task: 'views' as TaskId, against: { status: 'upstream_failed', attempts: 0 } },
  ],
};

function draw(width: number, height: number, view: HistoryView = { runs, trends, regressions, selected: 0 }): string {
  return plain(historyPane(view, { digit: 6, width, height, focused: false, zoomed: false }, theme));
}

describe('the history pane', () => {
  test('is side by side where there is space', () => {
    expect(draw(130, 8)).toMatchInlineSnapshot(`
      "╭ 6 History 4 runs ──────────────────────────────────────────────────────────────────────── slower than usual: nflverse_pbp +92% ╮
      │ succeeded █  longest 5m40s                                        task            trend       median of  latest  change        │
      │›✓ 20260104_060000_k3v9   5m40s  2026-01-04 06:00 UTC  ! 2  ≈ 1    nflverse_pbp          ▅▅▅█   2m05s  4   4m00s    +92% slower │
      │ ✗ 20260103_060000_p0q2   2m00s  2026-01-03 06:00 UTC  2 failed    weather_fetch         ███▆    9.0s  4    7.0s    -22%        │
      │ ⊘ 20260102_060000_m7c1     30s  2026-01-02 06:00 UTC  cancelled   materia…_views          ▁█               1.2s                │
      │ ≠ 20260101_060000_a1b2   4m20s  2026-01-01 06:00 UTC  ≠ 1                                                                      │
      │ parameters season=2024  week=7   2.3x as fast as one at a time                                                                 │
      ╰─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────── 1/4 ╯"
    `);
  });

  test('is stacked where there is not', () => {
    expect(draw(80, 13)).toMatchInlineSnapshot(`
      "╭ 6 History 4 runs ────────────────────── slower than usual: nflverse_pbp +92% ╮
      │ succeeded █  longest 5m40s                                                   │
      │›✓ 20260104_060000_k3v9   5m40s  2026-01-04 06:00 UTC  2 warned, 1 degraded   │
      │ ✗ 20260103_060000_p0q2   2m00s  2026-01-03 06:00 UTC  2 failed               │
      │ ⊘ 20260102_060000_m7c1     30s  2026-01-02 06:00 UTC  cancelled              │
      │ ≠ 20260101_060000_a1b2   4m20s  2026-01-01 06:00 UTC  1 check failed         │
      │ parameters season=2024  week=7   2.3x as fast as one at a time               │
      │                                                                              │
      │ task                trend       median of  latest  change                    │
      │ nflverse_pbp              ▅▅▅█   2m05s  4   4m00s    +92% slower             │
      │ weather_fetch             ███▆    9.0s  4    7.0s    -22%                    │
      │ materialized_views          ▁█               1.2s                            │
      ╰───────────────────────────────────────────────────────────────────────── 1/4 ╯"
    `);
  });

  test('compares two runs, in place of the trends: what ended differently first, then by difference', () => {
    const view = { runs, trends, regressions, selected: 1, comparison };
    expect(draw(80, 9, view)).toMatchInlineSnapshot(`
      "╭ 6 History 4 runs ────────────────────── slower than usual: nflverse_pbp +92% ╮
      │›✗ 20260103_060000_p0q2   2m00s  2026-01-03 06:00 UTC  2 failed               │
      │ 20260104_060000_k3v9 against 20260103_060000_p0q2  +183%  5m40s, then 2m00s  │
      │ week 7, then 6; the pipeline has changed                                     │
      │ task              now    then  change    rows    then                        │
      │ weather_fetch    7.0s    9.0s    -22%                  degraded, then failed │
      │ nflverse_pbp    4m00s     20s     x12   49.7k   49.0k                        │
      │ and 2 more: etl-tui show 20260104_060000_k3v9 --against 20260103_060000_p0q2 │
      ╰───────────────────────────────────────────────────────────────────────── 2/4 ╯"
    `);
    expect(draw(140, 9, view)).toMatchInlineSnapshot(`
      "╭ 6 History 4 runs ────────────────────────────────────────────────────────────────────────────────── slower than usual: nflverse_pbp +92% ╮
      │ succeeded █  longest 5m40s                                        20260104_060000_k3v9 against 20260103_060000_p0q2  +183%  5m40s, then …│
      │ ✓ 20260104_060000_k3v9   5m40s  2026-01-04 06:00 UTC  ! 2  ≈ 1    week 7, then 6; the pipeline has changed                               │
      │›✗ 20260103_060000_p0q2   2m00s  2026-01-03 06:00 UTC  2 failed    task              now    then  change    rows    then                  │
      │ ⊘ 20260102_060000_m7c1     30s  2026-01-02 06:00 UTC  cancelled   weather_fetch    7.0s    9.0s    -22%                  degraded, then …│
      │ ≠ 20260101_060000_a1b2   4m20s  2026-01-01 06:00 UTC  ≠ 1         nflverse_pbp    4m00s     20s     x12   49.7k   49.0k                  │
      │ parameters none                                                   schedules        6.0s    6.3s     -5%     570     285                  │
      │                                                                   views                                                  not there, then…│
      ╰───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────── 2/4 ╯"
    `);
    const soFar = { ...comparison, isOver: false };
    expect(draw(80, 9, { ...view, comparison: soFar })).toContain(
      '20260104_060000_k3v9 so far, against 20260103_060000_p0q2 ',
    );
  });

  test('says when there is no history', () => {
    const none = historyPane(
      { runs: [], trends: [], regressions: [], selected: 0 },
      { width: 60, height: 4, focused: false, zoomed: false },
      theme,
    );
    expect(plain(none)).toContain('no runs yet');
  });
});

test('names what has become slower than usual: tasks, and the run as a whole', () => {
  const record = (day: number, seconds: number) =>
    ({
      run_id: `2026010${day}_060000_test`,
      pipeline: 'nfl',
      status: 'success',
      verdict: 'success',
      sequential: false,
      max_parallel: 8,
      started_at: `2026-01-0${day}T06:00:00.000Z`,
      completed_at: `2026-01-0${day}T06:05:00.000Z`,
      total_duration_seconds: seconds + 10,
      active_seconds: seconds + 10,
      results: [
        { task: 'load', status: 'success', attempts: 1, attempt_seconds: seconds },
        { task: 'mart', status: 'success', attempts: 1, attempt_seconds: 10 },
      ],
    }) as unknown as PerformanceRecord;
  const usual = [1, 2, 3, 4, 5, 6, 7].map((day) => record(day, 60));
  const slower = draw(80, 14, { ...historyOf([...usual, record(8, 120), record(9, 120)]), selected: 0 });
  expect(slower).toContain('slower than usual: the run +86%, load +100%');
  expect(slower).toMatch(/load .*\+100% slower/);
  expect(draw(80, 14, { ...historyOf([...usual, record(8, 61)]), selected: 0 })).not.toContain('slower');
});
