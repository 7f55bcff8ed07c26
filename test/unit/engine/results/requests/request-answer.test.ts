import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { EpochMs, TaskId } from '../../../../../src/engine/model/ids.ts';
import { exitVerdict } from '../../../../../src/engine/results/causes/exit-verdict.ts';
import { type AnswerInput, requestAnswer } from '../../../../../src/engine/results/requests/request-answer.ts';
import { fakeRun, noon } from '../../../../support/fake-run.ts';

const schema = JSON.parse(readFileSync('docs/handoffs/data_refresh_completed.schema.json', 'utf8'));
const accepts = new Ajv2020({ formats: { 'date-time': true }, allowUnionTypes: true }).compile(schema);

const sketch = {
  tasks: { games: {}, plays: { after: ['games'] }, epa: { after: ['plays'] } },
  checks: { all_played: { after: ['plays'] }, plays_rows: { after: ['plays'] } },
};

const plays = {
  name: 'plays',
  table: 'plays',
  tasks: ['plays'] as TaskId[],
  checks: ['all_played'],
  rowsCheck: 'plays_rows',
};
const file = { name: 'epa_file', file: 'out/epa.csv', tasks: ['epa'] as TaskId[], checks: [] };

function answer(run: ReturnType<typeof fakeRun>, more: Partial<AnswerInput> = {}) {
  const document = requestAnswer({
    state: run.state(),
    verdict: exitVerdict(run.state()),
    now: run.now(),
    asked: {
      file: 'r.yaml',
      stored: '/p/handoffs/done/r.yaml',
      from: 'Research',
      to: 'ETL',
      priority: 'high',
      scope: ['plays'],
      params: {},
      completeness: '100%',
      freshness: '< 24 hours',
    },
    outlook: undefined,
    leftOut: [],
    deliverables: [
      { deliverable: plays, file: undefined, leftOut: new Set() },
      { deliverable: file, file: { bytes: 10, modifiedAt: '2026-01-05T12:00:00.000Z' }, leftOut: new Set() },
    ],
    completeness: undefined,
    freshness: undefined,
    maxAgeMs: undefined,
    places: { project: '/p' },
    ...more,
  });
  expect(accepts(JSON.parse(JSON.stringify(document))), JSON.stringify(accepts.errors)).toBe(true);
  return document;
}

function finished(verdicts: { readonly all_played?: 'pass' | 'fail' | 'warn' } = {}) {
  const run = fakeRun(sketch);
  run.exit('games');
  run.exit('plays');
  run.answer('all_played', verdicts.all_played ?? 'pass');
  run.answer('plays_rows', 'pass');
  run.exit('epa');
  return run;
}

describe('the answer to a request', () => {
  it('says that everything was delivered', () => {
    expect(answer(finished())).toMatchObject({
      handoff: 'data_refresh_completed',
      from: 'ETL',
      to: 'Research',
      status: 'fulfilled',
      urgency: 'normal',
      summary: '2 of 2 delivered',
      deliverables: [
        { name: 'plays', status: 'delivered', why: null, table: 'plays' },
        { name: 'epa_file', status: 'delivered', why: null, size_bytes: 10 },
      ],
      tasks: { succeeded: ['games', 'plays', 'epa'], left_out: [], not_done: [] },
      action_required: 'none',
    });
  });

  it('names the root cause of what was not delivered', () => {
    const run = fakeRun(sketch);
    run.exit('games', { kind: 'exited', code: 3 });
    const { status, urgency, summary, deliverables } = answer(run);
    expect([status, urgency]).toEqual(['not_fulfilled', 'high']);
    expect(summary).toBe('0 of 2 delivered; not plays ("plays" was not run: "games" failed), epa_file');
    expect(deliverables[1]?.why).toBe('"epa" was not run: "games" failed');
  });

  it('says which check has failed, and delivers what only warns', () => {
    const failed = answer(finished({ all_played: 'fail' }));
    expect(failed).toMatchObject({ status: 'partly_fulfilled', verdict: 'check-failed' });
    expect(failed.deliverables[0]?.why).toMatch(/^check all_played failed: /);
    const warned = answer(finished({ all_played: 'warn' }));
    expect(warned).toMatchObject({ status: 'fulfilled', findings: [{ check: 'all_played', status: 'warn' }] });
    expect(warned.deliverables[0]?.notes[0]).toMatch(/^check all_played warns: /);
  });

  it('misses a file that is not there, although its task succeeded', () => {
    const { status, verdict, summary } = answer(finished(), {
      deliverables: [{ deliverable: file, file: undefined, leftOut: new Set() }],
    });
    expect([status, verdict]).toEqual(['not_fulfilled', 'success']);
    expect(summary).toBe('0 of 1 delivered; not epa_file (file out/epa.csv is missing)');
  });

  it('counts the work of a task that was left out as fresh, and not that of one which was skipped', () => {
    const run = fakeRun(sketch);
    run.skip('games');
    run.exit('games', { kind: 'signalled', signal: 'SIGTERM' });
    run.exit('plays');
    run.answer('all_played', 'pass');
    run.answer('plays_rows', 'pass');
    run.exit('epa');
    const games = { name: 'games', table: 'games', tasks: ['games'] as TaskId[], checks: [] };
    const evidence = (leftOut: readonly string[]) => ({
      leftOut: leftOut.map((task) => ({ task: task as TaskId, why: 'fresh' })),
      deliverables: [{ deliverable: games, file: undefined, leftOut: new Set(leftOut as TaskId[]) }],
    });
    expect(answer(run, evidence(['games']))).toMatchObject({
      status: 'fulfilled',
      tasks: { left_out: [{ task: 'games' }], not_done: [] },
    });
    expect(answer(run, evidence([])).deliverables[0]?.why).toBe('"games" was skipped');
  });

  it('notes that data is stale, and is not fulfilled when it is older than required', () => {
    const since = (noon - 48 * 3_600_000) as EpochMs;
    const tasks = { games: { useLastGood: true as const }, plays: { after: ['games'] } };
    const run = fakeRun({ tasks }, { lastGood: { games: { at: since } } });
    run.exit('games', 1);
    run.exit('plays');
    const made = { name: 'plays', table: 'plays', tasks: ['plays'] as TaskId[], checks: [] };
    const deliverables = [{ deliverable: made, file: undefined, leftOut: new Set<TaskId>() }];
    const noted = answer(run, { deliverables });
    expect(noted).toMatchObject({
      status: 'fulfilled',
      deliverables: [
        {
          status: 'delivered',
          notes: ['its data is stale since 2026-01-03T12:00:00.000Z: "games" used an earlier load'],
          stale: { task: 'games', why: 'earlier_load' },
        },
      ],
    });
    const required = { deliverables, freshness: [], maxAgeMs: 24 * 3_600_000 };
    expect(answer(run, required)).toMatchObject({
      status: 'partly_fulfilled',
      summary: 'plays was delivered; plays is stale since 2026-01-03T12:00:00.000Z',
      freshness: { met: false },
    });
    expect(answer(run, { ...required, maxAgeMs: 72 * 3_600_000 }).status).toBe('fulfilled');
  });

  it('tells whether the deadline was met, and whether the data is as complete as required', () => {
    const deadline = (noon - 60_000) as EpochMs;
    const {
      summary,
      deadline: told,
      completeness,
    } = answer(finished({ all_played: 'fail' }), {
      outlook: { deadline, expectedEnd: (noon + 5_000) as EpochMs, canBeMet: false },
      completeness: ['all_played'],
      deliverables: [],
    });
    expect(told).toMatchObject({ met: false, could_be_met: false, expected_end: '2026-01-05T12:00:05.000Z' });
    expect(completeness).toMatchObject({ met: false, checks: ['all_played'] });
    expect(summary).toMatch(/the data is not complete: check all_played: .*; the deadline was missed by 1m/);
    expect(answer(finished(), { completeness: [] }).completeness).toMatchObject({
      met: null,
      summary: 'no check covers the completeness of this data',
    });
  });
});
