import { describe, expect, test } from 'vitest';
import type { CheckResult, RunState } from '../../../../src/engine/index.ts';
import type { CheckHistories } from '../../../../src/ui/panes/checks/check-history.ts';
import { checksPane } from '../../../../src/ui/panes/checks/checks-pane.ts';
import { createTheme } from '../../../../src/ui/theme.ts';
import { halfWayRun } from '../support/half-way-run.ts';
import { plain } from '../support/plain.ts';

const theme = createTheme({ colour: true, unicode: true });
const { state, now } = halfWayRun();

function draw(of: RunState, width: number, height: number, top = 0, histories: CheckHistories = new Map()): string {
  return plain(
    checksPane(
      { state: of, now, histories, top, check: undefined },
      { digit: 5, width, height, focused: false, zoomed: false },
      theme,
    ),
  );
}

const orphans: CheckResult = {
  check: 'plays_reference_games',
  verdict: 'fail',
  summary: '49 of 49,665 rows of plays have a game_id that is not in games.game_id: 2023_01_XXX_YYY and 2 more',
  measured: {
    checked_rows: 49_665,
    orphan_rows: 49,
    first_keys: ['2023_01_XXX_YYY', '2023_02_XXX_ZZZ', '2024_01_A_B'],
  },
  durationMs: 128,
};
const stale: CheckResult = {
  check: 'no_duplicate_games',
  verdict: 'error',
  summary: 'relation "games" does not exist',
  measured: { max_age_ms: 86_400_000, newest: null, first_keys: [] },
  durationMs: 3,
};

describe('the checks pane', () => {
  test('says the first keys once, when the summary names them all', () => {
    const summary = '2 of 9 rows of plays have a NULL in play_id (2): g1, g2';
    const result: CheckResult = { ...orphans, summary, measured: { null_rows: 2, first_keys: ['g1', 'g2'] } };
    const shown = draw({ ...state, checks: [{ kind: 'done', result }, ...state.checks.slice(1)] }, 90, 12);
    expect(shown).toContain('null rows 2');
    expect(shown).not.toContain('first keys');
  });

  test('says the exit code of a command once', () => {
    const summary = 'the command ended with exit code 1: no such file';
    const result: CheckResult = { ...orphans, summary, measured: { exit_code: 1 } };
    const shown = draw({ ...state, checks: [{ kind: 'done', result }, ...state.checks.slice(1)] }, 90, 12);
    expect(shown.match(/exit code/g)).toHaveLength(1);
  });

  test('shows what checks found, and for failed ones the numbers and the first keys', () => {
    const checks: RunState['checks'] = state.checks.map((check, index) =>
      index === 0
        ? { kind: 'done', result: orphans }
        : index === 1
          ? { kind: 'done', result: stale }
          : index === 2
            ? { kind: 'running', attempt: 1 }
            : check,
    );
    expect(draw({ ...state, checks }, 90, 24)).toMatchInlineSnapshot(`
      "╭ 5 Checks 18 ─────────────────────────────────────── ≠ 1  ? 1  ⠋ 1  · 11  ! 1  ✓ 1  ⊘ 2 ╮
      │ ≠ failed   plays_reference_games                                            gate  0.1s │
      │            49 of 49,665 rows of plays have a game_id that is not in games.game_id:     │
      │            2023_01_XXX_YYY and 2 more                                                  │
      │            checked rows 49,665, orphan rows 49                                         │
      │            first keys: 2023_01_XXX_YYY, 2023_02_XXX_ZZZ, 2024_01_A_B                   │
      │ ? error    no_duplicate_games                                                     0.0s │
      │            relation "games" does not exist                                             │
      │            max age 1d, newest none                                                     │
      │ ⠹ running  no_duplicate_plays                 querying the database                    │
      │ · waiting  plays_have_a_key                   after nflverse_pbp                       │
      │ · waiting  lines_have_their_own_key           after nflverse_schedules, nflverse_play… │
      │ · waiting  numbers_are_finite                 after nflverse_schedules, nflverse_play… │
      │ · waiting  odds_reference_games               after odds_history                       │
      │ · waiting  scored_games_have_plays            after nflverse_pbp                       │
      │ ! warned   plays_end_with_the_score                                               0.3s │
      │            the query answered 2, expected 0                                            │
      │            answer 2, expected 0                                                        │
      │            first keys: 2023_04_ATL_JAX, 2024_11_SEA_SF                                 │
      │ · waiting  two_teams_a_game                   after epa_aggregation                    │
      │ · waiting  features_look_back                 after asof_features                      │
      │ · waiting  mart_completeness                  at the end of the run                    │
      │ ✓ passed   schedule_is_fresh                  the newest games.loaded_at is 2 s…  0.0s │
      ╰──────────────────────────────────────────────────────────────────────────────────── ↓5 ╯"
    `);
    expect(draw({ ...state, checks }, 60, 7, 1)).toMatchInlineSnapshot(`
      "╭ 5 Checks 18 ───────── ≠ 1  ? 1  ⠋ 1  · 11  ! 1  ✓ 1  ⊘ 2 ╮
      │            49 of 49,665 rows of plays have a game_id     │
      │            that is not in games.game_id: 2023_01_XXX_YYY │
      │            and 2 more                                    │
      │            checked rows 49,665, orphan rows 49           │
      │            first keys: 2023_01_XXX_YYY, 2023_02_XXX_ZZZ… │
      ╰───────────────────────────────────────────────────── ↓22 ╯"
    `);
  });

  test('shows the history of each check, this run last: measured values by height, others by verdict', () => {
    const points = (check: string, verdicts: readonly CheckResult['verdict'][], values: readonly number[] = []) =>
      [
        check,
        verdicts.map((verdict, at) => ({ run: `run${at}`, verdict, ...(at in values ? { value: values[at]! } : {}) })),
      ] as const;
    const histories = new Map([
      points('plays_reference_games', ['pass', 'fail', 'warn', 'pass'], [0, 49, 25, 0]),
      points('no_duplicate_games', ['pass', 'fail', 'pass', 'warn']),
      points('lines_have_their_own_key', ['pass', 'error', 'pass'], [3]),
    ]);
    const checks = state.checks.map((check, index) =>
      index === 0 ? { kind: 'done' as const, result: { ...orphans, verdict: 'pass' as const } } : check,
    );
    const rows = draw({ ...state, checks }, 96, 24, 0, histories).split('\n');
    const sparkOf = (name: string) =>
      /[▁-█?✓]*(?=(?: {2}gate)?(?: +[0-9.]+s)? *│$)/.exec(rows.find((row) => row.includes(name))!)?.[0];
    expect(sparkOf('plays_reference_games')).toBe('▁█▅▁✓');
    expect(sparkOf('no_duplicate_games')).toBe('▁█▁▅▁');
    expect(sparkOf('lines_have_their_own_key')).toBe('█?✓');
    expect(draw(state, 60, 24, 0, histories)).not.toMatch(/[▁▅█]/);
  });

  test('says why there are no checks', () => {
    const off = { ...state, options: { ...state.options, runChecks: false } };
    expect(draw(off, 60, 3)).toContain('checks are off in this run (--no-checks)');
    expect(draw({ ...state, checks: [], plan: { ...state.plan, checks: [] } }, 60, 3)).toContain('has no checks');
  });
});

test('marks the check that was opened, with all its findings visible', () => {
  const checks = state.checks.map((_, index) => ({
    kind: 'done' as const,
    result: {
      check: state.plan.checks[index]!.spec.name,
      verdict: 'fail' as const,
      summary: `finding ${index}`,
      measured: {},
      durationMs: 1,
    },
  }));
  const shape = { width: 90, height: 6, focused: true, zoomed: false };
  for (const check of [0, 1, 4, checks.length - 1]) {
    const view = { state: { ...state, checks }, now, histories: new Map(), top: undefined, check };
    const rows = checksPane(view, shape, theme);
    expect(plain(rows)).toContain(`finding ${check} `);
    const marked = rows.filter((row) => row.includes(theme.open.selected));
    expect(marked).toHaveLength(1);
    expect(marked[0]).toContain(state.plan.checks[check]!.spec.name);
  }
});
