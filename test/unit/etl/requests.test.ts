import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { EpochMs } from '../../../src/engine/model/ids.ts';
import { planPipeline } from '../../../src/engine/pipeline/plan-pipeline.ts';
import { planRequest } from '../../../src/engine/requests/request-plan.ts';
import { resolveRequest } from '../../../src/engine/requests/resolve-request.ts';
import { readRequest } from '../../../src/engine/spec/request/read-request.ts';

const file = 'etl/config/pipeline_dag.yaml';
const { spec } = planPipeline(readFileSync(file, 'utf8'), file);
const now = Date.parse('2026-01-31T12:00Z') as EpochMs;

function planned(text: string) {
  const { request } = readRequest(`type: data_refresh_request\nfrom: Research\n${text}`, 'r.yaml', [
    'seasons',
    'odds_dates',
  ]);
  const resolved = resolveRequest(request!, spec!, now);
  if (!resolved.ok) throw new Error(resolved.error[0]?.message);
  const plan = planRequest(resolved.value, spec!);
  if (!plan.ok) throw new Error(plan.error[0]?.message);
  return { ...plan.value, params: resolved.value.params };
}

const plays = ['nflverse_pbp[season=2023]', 'nflverse_pbp[season=2024]'];

test.each([
  ['play-by-play', ['nflverse_schedules', ...plays]],
  ['Play-by-play data and betting lines', ['nflverse_schedules', ...plays, 'odds_history']],
  ['EPA', ['nflverse_schedules', ...plays, 'epa_aggregation']],
  ['rosters', ['nflverse_players']],
  ['level_0_parallel', ['nflverse_schedules', 'nflverse_players', 'stadium_reference']],
])('a request for "%s" runs %j of the NFL pipeline', (scope, tasks) => {
  expect(planned(`scope: ${scope}\n`).plan.tasks.map((task) => task.spec.id)).toEqual(tasks);
});

test.each([
  ['2024', ['nflverse_pbp[season=2024]'], '2024'],
  ['[2024, 2023]', plays, '2023-2024'],
  [
    '[2019, 2021 to 2022]',
    ['nflverse_pbp[season=2019]', 'nflverse_pbp[season=2021]', 'nflverse_pbp[season=2022]'],
    '2019,2021-2022',
  ],
])('a request for plays of the seasons %s loads each of them, and no other', (seasons, tasks, value) => {
  const { plan, params, deliverables } = planned(`scope: plays\nseasons: ${seasons}\n`);
  expect(plan.tasks.map((task) => task.spec.id)).toEqual(['nflverse_schedules', ...tasks]);
  expect(params.get('seasons')).toBe(value);
  expect(deliverables.find(({ name }) => name === 'plays')?.tasks).toEqual(tasks);
});

test('no missing games of the NFL pipeline means all its checks of completeness, which then fail', () => {
  const { plan, completeness, freshness, deliverables, params } = planned(
    'seasons: [2022, 2023, 2024]\nfreshness: "< 24 hours"\ncompleteness: "100% (no missing games)"\n',
  );
  expect(params.get('seasons')).toBe('2022-2024');
  expect(completeness?.toSorted()).toEqual(spec!.requests!.completeness.toSorted());
  expect(
    plan.checks
      .filter(({ spec: check }) => completeness!.includes(check.name))
      .every(({ spec: check }) => check.onFail === 'fail'),
  ).toBe(true);
  expect(freshness).toMatchObject([{ task: 'nflverse_schedules' }]);
  expect(deliverables).toHaveLength(spec!.requests!.deliverables.length);
});

test('the features may be expected by the name of their data set, and the mart by its table', () => {
  const { deliverables } = planned('expected_deliverables: [asof_team_features, mart.game_summary]\n');
  expect(deliverables.map(({ name }) => name)).toEqual(['features', 'game_summary']);
});
