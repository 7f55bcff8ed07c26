import { describe, expect, test } from 'vitest';
import type { AttemptInterval } from '../../../../../src/display/timeline/attempt-interval.ts';
import { timeAxis } from '../../../../../src/display/timeline/time-axis.ts';
import type { HostId, RunState } from '../../../../../src/engine/index.ts';
import { drawTimeline } from '../../../../../src/ui/panes/timeline/draw-timeline.ts';
import { timelinePane } from '../../../../../src/ui/panes/timeline/timeline-pane.ts';
import { paint } from '../../../../../src/ui/primitives/line.ts';
import { createTheme } from '../../../../../src/ui/theme.ts';
import { halfWayRun, intervalsByTask, start } from '../../support/half-way-run.ts';
import { plain } from '../../support/plain.ts';

const unicode = createTheme({ colour: true, unicode: true });
const { state, now, spans } = halfWayRun();
const view = {
  plan: state.plan,
  tasks: intervalsByTask(spans),
  startedAt: start,
  now,
  live: true,
  criticalPath: [0, 3, 6],
};

function draw(width: number, height: number, top?: number, theme = unicode): string {
  return plain(timelinePane(view, top, { digit: 4, width, height, focused: false, zoomed: false }, theme));
}

function bar(own: readonly Omit<AttemptInterval, 'task' | 'attempt'>[], endMs: number, live = false): string {
  const tasks = intervalsByTask(own.map((one, at) => ({ ...one, task: 0, attempt: at + 1 })));
  const { lines } = drawTimeline({ ...view, tasks, startedAt: 0, now: endMs, live, criticalPath: [] }, 40, unicode);
  return plain(paint(lines[0]!, 40, unicode)).slice(18, 32);
}

describe('the timeline', () => {
  test('on a wide screen', () => {
    expect(draw(100, 8)).toMatchInlineSnapshot(`
      "╭ 4 Timeline ────────── 0s ───────── 10s ───────── 20s ──────── 30s ───────── 40s ─────────────────╮
      │◆✓ nflverse_schedules  ████████▋                                              │              6.2s │
      │ ✓ nflverse_players    ████████████████▉                                      │               12s │
      │ ✓ stadium_reference   ██▍                                                    │              1.6s │
      │◆⠹ nflverse_pbp                ▐██████████████████████████████████████████████▎               35s │
      │ ✗ weather_fetch               ░░▐█████████████✗                              │               10s │
      │ ↻ odds_history                ▐███████████████████████████████████████████✗░░│               33s │
      ╰ ◆ critical path ─────────────────────────────────────────────────────────────────────────────────╯"
    `);
  });

  test('names the host of the latest attempt where tasks run on several, and there is room', () => {
    const hosts = [
      { id: 'anna-1', name: 'anna' },
      { id: 'bert-1', name: 'bert' },
    ] as unknown as RunState['hosts'];
    const ran = spans.map((one, at) => ({ ...one, host: (at % 2 === 0 ? 'anna-1' : 'bert-1') as HostId }));
    const shown = (width: number) => {
      const shape = { digit: 4, width, height: 4, focused: false, zoomed: false };
      return plain(timelinePane({ ...view, hosts, tasks: intervalsByTask(ran) }, 0, shape, unicode));
    };
    expect(shown(100)).toMatch(/nflverse_schedules .* 6.2s anna │\n.*nflverse_players .* 12s bert │/);
    expect(shown(60)).not.toContain('anna');
  });

  test('in a narrow pane', () => {
    expect(draw(54, 8)).toMatchInlineSnapshot(`
      "╭ 4 Timeline ───────── 0s ─────── 30s ───────────────╮
      │◆✓ nflverse_schedules ██▍            │         6.2s │
      │ ✓ nflverse_players   ████▋          │          12s │
      │ ✓ stadium_reference  ▋              │         1.6s │
      │◆⠹ nflverse_pbp         █████████████▏          35s │
      │ ✗ weather_fetch        ▐███✗        │          10s │
      │ ↻ odds_history         ████████████✗│          33s │
      ╰ ◆ critical path ───────────────────────────────────╯"
    `);
  });

  test('in ASCII, with fewer rows than tasks', () => {
    expect(draw(70, 5, undefined, createTheme({ colour: false, unicode: false }))).toMatchInlineSnapshot(`
      "+ 4 Timeline ---------- 0s -------- 20s -------- 40s ----------------+
      |!* nflverse_pbp            =====================|               35s |
      | x weather_fetch           =======x             |               10s |
      | r odds_history            ====================x|               33s |
      + ! critical path ----------------------------------------------- ^3 +"
    `);
    expect(draw(70, 4, 1)).toMatchInlineSnapshot(`
      "╭ 4 Timeline ────────── 0s ──────── 20s ──────── 40s ────────────────╮
      │ ✓ nflverse_players    ███████▊                 │               12s │
      │ ✓ stadium_reference   █▏                       │              1.6s │
      ╰ ◆ critical path ──────────────────────────────────────────── ↑1 ↓3 ╯"
    `);
  });

  test('draws ends of bars in eighths of a column, and the shortest task', () => {
    expect(bar([{ kind: 'succeeded', startedAt: 44_000, endedAt: 44_001 }], 100_000)).toBe('     ▏        ');
    expect(bar([{ kind: 'succeeded', startedAt: 0, endedAt: 70_000 }], 100_000)).toBe('████████▏     ');
    expect(bar([{ kind: 'succeeded', startedAt: 50_000, endedAt: 50_001 }], 100_000)).toBe('     ▐        ');
  });

  test('shows attempts and the back-off between them', () => {
    const attempts = [
      { kind: 'failed', startedAt: 0, endedAt: 30_000 },
      { kind: 'waiting', startedAt: 30_000, endedAt: 50_000 },
      { kind: 'running', startedAt: 50_000 },
    ] as const;
    expect(bar(attempts, 80_000)).toBe('███✗░▐███▍    ');
  });

  test('marks the current time where nothing is drawn', () => {
    expect(bar([{ kind: 'succeeded', startedAt: 0, endedAt: 30_000 }], 60_001, true)).toBe('███▌   │      ');
  });

  test('says when no task has started', () => {
    const shape = { width: 60, height: 4, focused: false, zoomed: false };
    expect(plain(timelinePane({ ...view, tasks: [] }, undefined, shape, unicode))).toContain('nothing has started yet');
  });

  test.each([
    [700, 40, 200, 800],
    [41_200, 80, 5_000, 45_000],
    [41_200, 20, 30_000, 60_000],
    [600_000, 60, 120_000, 600_000],
    [5_400_000, 60, 1_200_000, 6_000_000],
    [0, 60, 100, 100],
    [1e12, 60, 172_800_000_0, 1_036_800_000_0],
  ])('%d ms over %i columns have an axis in steps of %d ms up to %d', (span, columns, stepMs, endMs) => {
    const axis = timeAxis(span, columns);
    if (span < 1e12) expect(axis).toEqual({ stepMs, endMs });
    expect(axis.endMs).toBeGreaterThanOrEqual(span);
    expect(axis.endMs / axis.stepMs).toBeLessThanOrEqual(columns / 8);
  });
});
