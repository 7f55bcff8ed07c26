import { describe, expect, test } from 'vitest';
import { formatMinute } from '../../../../src/display/format/format-moment.ts';
import type { HostId, RunState } from '../../../../src/engine/index.ts';
import { detail, detailPane } from '../../../../src/ui/panes/detail/detail-pane.ts';
import { createTheme } from '../../../../src/ui/theme.ts';
import { fakeRun } from '../../../support/fake-run.ts';
import { halfWayRun, named } from '../support/half-way-run.ts';
import { plain } from '../support/plain.ts';
import { screenOf } from '../support/screen-of.ts';

const theme = createTheme({ colour: true, unicode: true });
const { state, now, spans } = halfWayRun();

function draw(name: string, width: number, height: number, why?: string): string {
  const task = state.plan.indexOf.get(named(name))!;
  const own = spans.filter((one) => one.task === task);
  const view = { state, now, task, intervals: own, top: 0, ...(why === undefined ? {} : { why }) };
  return plain(detailPane(view, { width, height, focused: false, zoomed: false }, theme));
}

describe('the detail pane shows a task', () => {
  test('that is retried', () => {
    expect(draw('odds_history', 64, 22)).toMatchInlineSnapshot(`
      "╭ Detail odds_history ─────────────────────────────────────────╮
      │ state       ↻ retrying  35s                                  │
      │             exit 75, attempt 2/3 in 4s                       │
      │ description a snapshot of the betting lines per game day     │
      │             into odds_history                                │
      │ level       level_1_parallel                                 │
      │ command     node "$NFL_TASKS/odds-history.js"                │
      │                                                              │
      │ upstream    ✓ nflverse_schedules                             │
      │ downstream  · asof_features                                  │
      │             · materialized_views                             │
      │                                                              │
      │ attempts    1     33s  exit 75                               │
      │             2  in 4s                                         │
      │                                                              │
      │ timeout     15m, up to 2 retries                             │
      │ pools       odds_api (0 of 1 in use)                         │
      │ connections 1                                                │
      │ fallback    only odds that were fetched before               │
      │ last good   used when the task fails; none yet               │
      │                                                              │
      ╰──────────────────────────────────────────────────────────────╯"
    `);
  });

  test('that waits for something outside the run, and until when', () => {
    const waitFor = { for: { kind: 'file', path: 'in/a.csv' }, everyMs: 60_000, timeoutMs: 90_000_000 } as const;
    const run = fakeRun({ tasks: { a: { waitFor: { ...waitFor, onTimeout: 'skip' } } } });
    const { view } = screenOf({ state: run.state() });
    const shape = { width: 80, height: 30, focused: false, zoomed: false };
    const frame = { ...view, logTask: 'a', now: run.now(), meters: [], criticalPath: [] } as unknown as Parameters<
      typeof detail.rows
    >[0];
    const text = plain(detail.rows(frame, shape, theme));
    expect(text).toContain(`waits for file in/a.csv, until ${formatMinute(run.now() + 90_000_000)} `);
  });

  test('with the host of each attempt and its labels, in a run on several', () => {
    const task = state.plan.indexOf.get(named('weather_fetch'))!;
    const hosts = [{ id: 'anna-1', name: 'anna' }] as unknown as NonNullable<RunState['hosts']>;
    const own = spans.filter((one) => one.task === task).map((one) => ({ ...one, host: 'anna-1' as HostId }));
    const view = { state: { ...state, hosts }, now, task, intervals: own, top: 0 };
    const text = plain(detailPane(view, { width: 64, height: 30, focused: false, zoomed: false }, theme));
    expect(text).toMatch(/attempts +1 +10s +failed on anna/);
  });

  test('with all parameters of the run', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const options = { ...state.options, params: Object.fromEntries(names.map((name) => [name, '1'])) };
    const view = { state: { ...state, options }, now, task: 0, intervals: [], top: 0 };
    const text = plain(detailPane(view, { width: 64, height: 40, focused: false, zoomed: false }, theme));
    for (const name of names) expect(text).toContain(`${name}=1`);
  });

  test('that runs', () => {
    expect(draw('nflverse_pbp', 64, 22)).toMatchInlineSnapshot(`
      "╭ Detail nflverse_pbp ─────────────────────────────────────────╮
      │ state       ⠹ running  35s                                   │
      │ description every play of every game of a season into plays  │
      │ level       level_1_parallel                                 │
      │ command     node "$NFL_TASKS/nflverse-pbp.js"                │
      │ message     season 2024, week 7 of 18                        │
      │ rows        26,812                                           │
      │                                                              │
      │ upstream    ✓ nflverse_schedules                             │
      │ downstream  · epa_aggregation                                │
      │             · play_classification                            │
      │                                                              │
      │ attempts    1     35s  running                               │
      │                                                              │
      │ timeout     15m, up to 3 retries                             │
      │ pools       seasons (1 of 5 in use)                          │
      │ connections 1                                                │
      │                                                              │
      │                                                              │
      │                                                              │
      │                                                              │
      ╰──────────────────────────────────────────────────────────────╯"
    `);
  });

  test('that waits, with the reason', () => {
    expect(draw('asof_features', 64, 22, 'waits for epa_aggregation and 3 more')).toMatchInlineSnapshot(`
      "╭ Detail asof_features ────────────────────────────────────────╮
      │ state       · waiting                                        │
      │             waits for epa_aggregation and 3 more             │
      │ description what was known about a team before each game     │
      │             into asof_features and a CSV file                │
      │ level       level_3_sequential                               │
      │ command     node "$NFL_TASKS/asof-features.js"               │
      │                                                              │
      │ upstream    · epa_aggregation                                │
      │             · play_classification                            │
      │             ↻ odds_history                                   │
      │             ✗ weather_fetch                                  │
      │ downstream  · materialized_views                             │
      │                                                              │
      │ attempts    none yet                                         │
      │                                                              │
      │ timeout     10m, up to 2 retries                             │
      │ critical    yes: when it fails, no new tasks start           │
      │ connections 1                                                │
      │ outputs     data/processed/features/asof_team_features.csv   │
      │                                                              │
      ╰──────────────────────────────────────────────────────────────╯"
    `);
  });
});
