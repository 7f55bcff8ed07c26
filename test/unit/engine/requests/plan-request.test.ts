import { describe, expect, it } from 'vitest';
import type { EpochMs, TaskId } from '../../../../src/engine/model/ids.ts';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';
import { orderRequests } from '../../../../src/engine/requests/order-requests.ts';
import { planRequest } from '../../../../src/engine/requests/request-plan.ts';
import { resolveRequest } from '../../../../src/engine/requests/resolve-request.ts';
import { readRequest } from '../../../../src/engine/spec/request/read-request.ts';

const pipeline = `
name: nfl
params: { seasons: { default: "2023", pattern: '^\\d{4}(-\\d{4})?$' }, credits: { default: none } }
tasks:
  games: { command: "true" }
  pbp: { command: "true", dependencies: [games] }
  odds: { command: "true", dependencies: [games] }
  epa: { command: "true", dependencies: [pbp] }
  mart: { command: "true", dependencies: [epa, odds] }
checks:
  - { name: plays_have_games, kind: references, child: plays.game_id, parent: games.game_id, after: [pbp], gate: true }
  - { name: all_games_played, sql: SELECT 0, after: [pbp], on_fail: warn }
  - { name: odds_for_all, sql: SELECT 0, after: [odds], on_fail: warn }
  - { name: mart_is_complete, kind: same_count, left: games, right: mart, on_fail: warn }
requests:
  scopes: { play_by_play: [pbp], everything_about_odds: [odds] }
  params: { seasons: { param: seasons, as: range } }
  freshness: { games: games.loaded_at }
  completeness: [all_games_played, odds_for_all, mart_is_complete]
  deliverables:
    games: { table: games, tasks: [games] }
    plays: { table: plays, tasks: [pbp], checks: [all_games_played] }
    mart: { table: mart, file: out/mart.csv, tasks: [mart], checks: [mart_is_complete] }
`;

const { spec, diagnostics } = planPipeline(pipeline, 'p.yaml');
const now = Date.parse('2026-01-31T12:00Z') as EpochMs;

function plan(text: string, leftOut: readonly string[] = []) {
  const { request, diagnostics: mistakes } = readRequest(`type: data_refresh_request\nfrom: R\n${text}`, 'r.yaml', [
    'seasons',
  ]);
  if (request === undefined) throw new Error(mistakes[0]?.message);
  const resolved = resolveRequest(request, spec!, now);
  if (!resolved.ok) {
    return {
      mistakes: resolved.error.map(
        ({ at, code, message, hint }) => `${at?.line}:${at?.col} ${code}: ${message} [${hint}]`,
      ),
    };
  }
  const planned = planRequest(resolved.value, spec!, leftOut as TaskId[]);
  if (!planned.ok) throw new Error(planned.error[0]?.message);
  const { plan: made, deliverables, completeness, freshness } = planned.value;
  return {
    params: Object.fromEntries(resolved.value.params),
    tasks: made.tasks.filter(({ skip }) => !skip).map((task) => task.spec.id),
    checks: made.checks.map((check) => `${check.spec.name} ${check.spec.onFail}`),
    deliverables: deliverables.map(({ name }) => name),
    completeness,
    freshness: freshness?.map(({ check }) => check),
  };
}

describe('the plan of a request', () => {
  it('is of a pipeline without mistakes', () => expect(diagnostics).toEqual([]));

  it('runs the scope with what is upstream, and the checks that look at it', () => {
    expect(plan('scope: Play-by-play data\nseasons: [2023, 2024]\n')).toMatchObject({
      params: { seasons: '2023-2024', credits: 'none' },
      tasks: ['games', 'pbp'],
      checks: ['plays_have_games fail', 'all_games_played warn', 'games_rows fail', 'plays_rows fail'],
      deliverables: ['games', 'plays'],
    });
  });

  it('is everything without a scope', () => {
    expect(plan('')).toMatchObject({
      tasks: ['games', 'pbp', 'odds', 'epa', 'mart'],
      deliverables: ['games', 'plays', 'mart'],
    });
    expect(plan('scope: all\n')).toEqual(plan(''));
    expect(plan('scope: Odds and play-by-play data\n')).toMatchObject({ tasks: ['games', 'pbp', 'odds'] });
  });

  it('adds what the deliverables need to the scope; a file may be asked for by its name', () => {
    expect(plan('scope: odds\nexpected_deliverables: [mart.csv]\n')).toMatchObject({
      tasks: ['games', 'pbp', 'odds', 'epa', 'mart'],
      deliverables: ['mart'],
    });
  });

  it('lets what stands for completeness fail the run, and measures freshness', () => {
    expect(
      plan(
        'scope: plays\nexpected_deliverables: plays\n'.replace('scope: plays\n', '') +
          'completeness: 100%\nfreshness: 24h\n',
      ),
    ).toMatchObject({
      checks: ['plays_have_games fail', 'all_games_played fail', 'games_fresh fail', 'plays_rows fail'],
      completeness: ['all_games_played'],
      freshness: ['games_fresh'],
    });
  });

  it('without validation asks gates and requirements only', () => {
    expect(plan('scope: epa\nvalidate: false\n').checks).toEqual([
      'plays_have_games fail',
      'all_games_played warn',
      'games_rows fail',
      'plays_rows fail',
    ]);
    expect(plan('scope: odds\nvalidate: false\n').checks).toEqual(['games_rows fail']);
    expect(plan('scope: odds\nvalidate: [odds_for_all]\n').checks).toEqual(['odds_for_all warn', 'games_rows fail']);
  });

  it('leaves out what is fresh, and goes on with what waits for it', () => {
    expect(plan('scope: pbp\nfreshness: 24h\n', ['games'])).toMatchObject({
      tasks: ['pbp'],
      freshness: ['games_fresh'],
    });
  });

  it('names every word that it does not know, at its place', () => {
    expect(
      plan(
        'scope: [play-by-ply, tracking]\nseasons: 2023, last\nexpected_deliverables: [martt]\nvalidate: [all_games]\n',
      ).mistakes,
    ).toEqual([
      '3:9 request/unknown-word: "play-by-ply" is not a scope of this pipeline [did you mean "play_by_play"?]',
      '3:22 request/unknown-word: "tracking" is not a scope of this pipeline [known: play_by_play, everything_about_odds, games, pbp, odds, epa, mart, everything, full, all]',
      '4:10 spec/bad-value: "last" is not a number or a range [write whole numbers, or a range such as 2023-2024]',
      '5:25 request/unknown-word: "martt" is not a deliverable of this pipeline [did you mean "mart"?]',
      '6:12 request/unknown-word: "all_games" is not a check of this pipeline [known: plays_have_games, all_games_played, odds_for_all, mart_is_complete]',
    ]);
  });

  it('says which parameters a request may set, when one without a default is missing', () => {
    const needy = planPipeline(pipeline.replace('credits: { default: none }', 'credits: {}'), 'p.yaml').spec!;
    const { request } = readRequest('type: data_refresh_request\nfrom: R\n', 'r.yaml', ['seasons']);
    const resolved = resolveRequest(request!, needy, now);
    expect(resolved).toMatchObject({
      ok: false,
      error: [
        {
          message: 'parameter "credits" has no value and no default',
          hint: 'requests may set seasons; see "requests.params" in its file',
        },
      ],
    });
  });

  it('holds the pattern of a parameter against its values, at their place', () => {
    expect(plan('seasons: 23\n').mistakes).toEqual([
      '3:10 usage/bad-argument: parameter "seasons" cannot be "23" [it must match ^\\d{4}(-\\d{4})?$]',
    ]);
  });
});

it('requests are carried out by priority, then by deadline, then by age', () => {
  const request = (name: string, rest: string) => ({
    name,
    request: readRequest(`type: data_refresh_request\nfrom: R\n${rest}`, name, []).request!,
  });
  const ordered = orderRequests([
    request('e', ''),
    request('d', 'created_at: 2026-01-01T00:00Z'),
    request('c', 'deadline: 2026-02-02T00:00Z'),
    request('b', 'priority: high\ndeadline: 2026-03-03T00:00Z'),
    request('a', 'priority: low\ndeadline: 2026-01-01T00:00Z'),
    request('0', 'priority: urgent'),
    request('1', 'priority: high\ndeadline: 2026-02-02T00:00Z'),
  ]);
  expect(ordered.map(({ name }) => name)).toEqual(['0', '1', 'b', 'c', 'd', 'e', 'a']);
});
