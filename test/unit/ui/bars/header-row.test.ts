import { describe, expect, test } from 'vitest';
import { phaseDisplay } from '../../../../src/display/states/phase-display.ts';
import type { RunState, SlaJudgement, TimeLeft } from '../../../../src/engine/index.ts';
import type { CapacityCause } from '../../../../src/engine/model/run/capacity.ts';
import type { CheckVerdict } from '../../../../src/engine/model/run/check-result.ts';
import { headerRow } from '../../../../src/ui/bars/header-row.ts';
import { createTheme } from '../../../../src/ui/theme.ts';
import { type FakeRun, fakeRun } from '../../../support/fake-run.ts';
import { halfWayRun, metersOf, named } from '../support/half-way-run.ts';
import { plain } from '../support/plain.ts';

const theme = createTheme({ colour: true, unicode: true });
const { state, now } = halfWayRun();

function draw(width: number, meters: number, of: RunState = state): string {
  return plain(headerRow({ state: of, now, meters: metersOf(60).slice(0, meters) }, width, theme));
}

function draining(reason: Extract<RunState['phase'], { kind: 'draining' }>['reason']): Partial<RunState> {
  return { phase: { kind: 'draining', reason } };
}

function throttled(cause: CapacityCause): Partial<RunState> {
  return { capacity: { tasks: 1, cause, unknown: { cpu: 1, memoryBytes: 0 } }, running: 1 };
}

const steppedDown: Partial<RunState> = {
  overload: { ...state.overload, maxParallel: 2, because: 'deadlock' },
};

describe('the header', () => {
  test('shows less in less space', () => {
    expect([200, 160, 120, 100, 60].map((width) => draw(width, 0)).join('\n')).toMatchInlineSnapshot(`
      " etl-tui  nfl-refresh  20260105_060000_k3v9  RUNNING 00:41   ✓ 3 done  ⠋ 1 running  · 4 waiting  ✗ 1 failed  ! 1 check warned  ✓ 2 checks passed  ↻ 1 retrying                    slots 1/8  31.8k rows 
       etl-tui  nfl-refresh  RUNNING 00:41   ✓ 3 done  ⠋ 1 running  · 4 waiting  ✗ 1 failed  ! 1 check warned  ✓ 2 checks passed  ↻ 1 retrying  slots 1/8  31.8k rows 
       etl-tui  nfl-refresh  RUNNING 00:41   ✓ 3 done  ⠋ 1 running  · 4 waiting  ✗ 1 failed  ! 1 check warned  ↻ 1 retrying   
       etl-tui nfl-refresh RUN 00:41   ✓ 3 ⠋ 1 · 4 ✗1 !1 ↻1                         slots 1/8  31.8k rows 
       etl-tui nfl-refresh RUN 00:41   ✓ 3 ⠋ 1 · 4 ✗1 !1 ↻1       "
    `);
  });

  test('has sparklines where no charts are shown', () => {
    expect([140, 100, 80, 70, 60].map((width) => draw(width, 3)).join('\n')).toMatchInlineSnapshot(`
      " etl-tui nfl-refresh RUN 00:41   ✓ 3 ⠋ 1 · 4 ✗1 !1 ↻1                             cpu ▆▆▆▆▅  57%  mem ▅▅▅▅▅  54%  db ▂▂▂▂▂  6/40  slots 1/8 
       etl-tui nfl-refresh RUN 00:41   ✓ 3 ⠋ 1 · 4 ✗1 !1 ↻1                cpu ▆▆▆▆▅  57%  mem ▅▅▅▅▅  54% 
       etl-tui nfl-refresh RUN 00:41   ✓ 3 ⠋ 1 · 4 ✗1 !1 ↻1        cpu  57%  mem  54% 
       etl-tui nfl-refresh RUN 00:41   ✓ 3 ⠋ 1 · 4 ✗1 !1 ↻1                 
       etl-tui nfl-refresh RUN 00:41   ✓ 3 ⠋ 1 · 4 ✗1 !1 ↻1       "
    `);
  });

  test.each<readonly [string, Partial<RunState>]>([
    ['RUNNING', {}],
    ['PAUSED', { paused: true }],
    ['TIME LIMIT', { phase: { kind: 'draining', reason: { kind: 'run-limit', afterMs: 14_400_000 } } }],
    ['CANCELLING', { phase: { kind: 'draining', reason: { kind: 'cancelled' } } }],
    ['DRAINING', { phase: { kind: 'draining', reason: { kind: 'critical', task: named('asof_features') } } }],
    ['FAILED', { phase: { kind: 'finished', status: 'failed' } }],
    ['CANCELLED', { phase: { kind: 'finished', status: 'cancelled' } }],
    ['STARTING', { phase: { kind: 'planned' } }],
  ])('shows %s', (word, change) => {
    expect(phaseDisplay({ ...state, ...change }).word).toBe(word);
    expect(draw(200, 0, { ...state, ...change })).toContain(` ${word} `);
  });

  test('tells the time left at the right, where it moves nothing, where there is room', () => {
    const header = (width: number, timeLeft: TimeLeft) =>
      plain(headerRow({ state, now, meters: [], timeLeft }, width, theme));
    expect(header(120, { ms: 64_000 })).toContain('  ~1m04s left  slots ');
    expect(header(120, { ms: 64_000, lowMs: 40_000, highMs: 90_000 })).toContain('  40s-1m30s left  slots ');
    expect(header(60, { ms: 64_000 })).not.toContain('left');
  });

  test('marks an SLA that is at risk or missed, the worst of them, with a sign where there is little room', () => {
    const one = (status: SlaJudgement['status']): SlaJudgement => {
      return { sla: 'run', status, limit: 1, unit: 'seconds', message: '' };
    };
    const header = (width: number, slas: readonly SlaJudgement[], of = state) =>
      plain(headerRow({ state: of, now, meters: [], slas }, width, theme));
    expect(header(140, [one('met'), one('at-risk')])).toContain(' 00:41  ! SLA at risk   ');
    expect(header(140, [one('missed'), one('at-risk'), one('missed')])).toContain('  ! 2 SLAs missed   ');
    expect(header(60, [one('at-risk')])).toContain(' 00:41 !SLA ');
    expect(header(140, [one('open'), one('met'), one('not-measured')])).not.toContain('SLA');
    const strict = { ...state.plan.pipeline, slas: { ...state.plan.pipeline.slas, onMiss: 'fail' as const } };
    const of = { ...state, plan: { ...state.plan, pipeline: strict } };
    expect(header(140, [one('missed')], of)).toContain('  ✗ SLA missed   ');
  });

  test('says that a run missed an SLA which makes it fail, although everything succeeded', () => {
    const run = fakeRun({ tasks: { a: {} }, slas: { onMiss: 'fail' } });
    run.exit('a');
    const slas: readonly SlaJudgement[] = [{ sla: 'run', status: 'missed', limit: 1, unit: 'seconds', message: '' }];
    expect(phaseDisplay(run.state(), slas)).toMatchObject({ word: 'SLA MISSED', severity: 'failure' });
    expect(phaseDisplay(run.state())).toMatchObject({ word: 'SUCCESS' });
  });

  test.each<readonly [string, Partial<RunState>]>([
    ['PAUSED (no new tasks start) 00:41', { paused: true }],
    [
      'DRAINING (critical task asof_features failed) 00:41',
      draining({ kind: 'critical', task: named('asof_features') }),
    ],
    ['DRAINING (asof_features failed) 00:41', draining({ kind: 'sequential', task: named('asof_features') })],
    ['DRAINING (the journal cannot be written) 00:41', draining({ kind: 'journal-lost' })],
    ['TIME LIMIT (over 4h) 00:41', draining({ kind: 'run-limit', afterMs: 14_400_000 })],
    ['CANCELLING 00:41', draining({ kind: 'cancelled' })],
    ['THROTTLED (memory 91 % > 85 %) 00:41', throttled({ kind: 'memory', used: 0.91, limit: 0.85 })],
    ['THROTTLED (2 at once: database deadlock) 00:41', steppedDown],
  ])('says %s', (text, change) => {
    expect(draw(200, 0, { ...state, ...change })).toContain(text);
  });

  test('shortens the reason, then leaves it out, in less space', () => {
    const of = { ...state, ...draining({ kind: 'critical', task: named('asof_features') }) };
    expect([120, 100, 80, 60].map((width) => draw(width, 0, of)).join('\n')).toMatchInlineSnapshot(`
      " etl-tui nfl-refresh DRAIN (critical task asof_features failed) 00:41   ✓ 3 ⠋ 1 · 4 ✗1 !1 ↻1      slots 1/8  31.8k rows 
       etl-tui nfl-refresh DRAIN (critical task asof_features failed) 00:41   ✓ 3 ⠋ 1 · 4 ✗1 !1 ↻1        
       etl-tui nfl-refresh DRAIN (asof_features failed) 00:41   ✓ 3 ⠋ 1 · 4 ✗1 !1 ↻1  
       etl-tui nfl-refresh DRAIN 00:41   ✓ 3 ⠋ 1 · 4 ✗1 !1 ↻1     "
    `);
  });

  test('keeps every field in its place while numbers grow', () => {
    const run = fakeRun({ tasks: Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`t${at}`, {}])) });
    const places = (width: number) => {
      const row = plain(headerRow({ state: run.state(), now: run.now(), meters: metersOf(60) }, width, theme));
      return ['RUN', 'done', 'running', 'waiting', 'slots', 'cpu', '✓', '·']
        .map((field) => row.indexOf(field))
        .join(' ');
    };
    const before = [100, 160, 200].map(places);
    for (let ended = 0; ended < 115; ended += 1) {
      run.exit(`t${ended}`);
      expect([100, 160, 200].map(places)).toEqual(before);
    }
  });

  test('stops its clock when the run has ended', () => {
    const ended = { ...state, finishedAt: (state.startedAt! + 30_000) as never };
    expect(draw(120, 0, ended)).toContain(' 00:30 ');
  });
});

describe('the header of a finished run', () => {
  const tasks = { extract: {}, load: { after: ['extract'] } };
  const fallback = { command: { kind: 'shell', script: 'true' }, note: 'of yesterday' } as const;
  const over = (answers: Readonly<Record<string, CheckVerdict>>, bring = (run: FakeRun) => run.exit('extract')) => {
    const checks = Object.fromEntries(Object.keys(answers).map((name) => [name, {}]));
    const run = fakeRun({ tasks: { ...tasks, extract: { fallback } }, checks });
    bring(run);
    if (run.running().includes('load')) run.exit('load');
    for (const [check, verdict] of Object.entries(answers)) run.answer(check, verdict);
    return run.state();
  };
  const degraded = (run: FakeRun) => {
    run.exit('extract', 1);
    run.exit('extract');
  };
  const sizes = [
    [60, 3],
    [80, 3],
    [120, 0],
    [200, 0],
  ] as const;

  test('shows wrong data with a text, an icon and a colour of its own, and the number of failed checks', () => {
    const wrong = over({ orphans: 'fail', duplicates: 'fail', fresh: 'warn', lost: 'pass' });
    expect(sizes.map(([width, meters]) => draw(width, meters, wrong).trimEnd()).join('\n')).toMatchInlineSnapshot(`
      " etl-tui sketch ≠ DATA WRONG 00:00   ✓2 ≠2 !1
       etl-tui sketch ≠ DATA WRONG 00:00   ✓2 ≠2 !1    cpu ▆▆▆▆▅  57%  mem ▅▅▅▅▅  54%
       etl-tui  sketch  ≠ DATA WRONG 00:00   ✓ 2 done  ≠ 2 checks failed  ! 1 check warned  ✓ 1 check passed        slots 0/8
       etl-tui  sketch  20260105_120000_test  ≠ DATA WRONG 00:00   ✓ 2 done  ≠ 2 checks failed  ! 1 check warned  ✓ 1 check passed                                                                  slots 0/8"
    `);
    expect(phaseDisplay(wrong).severity).toBe('wrongData');
    for (const looks of [
      { colour: false, unicode: true },
      { colour: false, unicode: false },
    ]) {
      const row = headerRow({ state: wrong, now, meters: metersOf(60) }, 80, createTheme(looks));
      expect(plain(row)).toContain(looks.unicode ? '≠ DATA WRONG 00:00   ✓2 ≠2 !1' : '# DATA WRONG 00:00   +2 #2 !1');
    }
  });

  test('shows FAILED when a check had an error beside one that failed', () => {
    const broken = over({ orphans: 'fail', lost: 'error' });
    expect(sizes.map(([width, meters]) => draw(width, meters, broken).trimEnd()).join('\n')).toMatchInlineSnapshot(`
      " etl-tui sketch FAILED 00:00   ✓2 ≠1 ?1  cpu  57%  mem  54%
       etl-tui sketch FAILED 00:00   ✓2 ≠1 ?1          cpu ▆▆▆▆▅  57%  mem ▅▅▅▅▅  54%
       etl-tui  sketch  20260105_120000_test  FAILED 00:00   ✓ 2 done  ≠ 1 check failed  ? 1 check error            slots 0/8
       etl-tui  sketch  20260105_120000_test  FAILED 00:00   ✓ 2 done  ≠ 1 check failed  ? 1 check error                                                                                            slots 0/8"
    `);
  });

  test('shows warnings and degraded tasks beside its success', () => {
    const warned = over({ fresh: 'warn' }, degraded);
    expect(sizes.map(([width, meters]) => draw(width, meters, warned).trimEnd()).join('\n')).toMatchInlineSnapshot(`
      " etl-tui sketch SUCCESS 00:00   ✓1 ≈1 !1
       etl-tui sketch SUCCESS 00:00   ✓1 ≈1 !1         cpu ▆▆▆▆▅  57%  mem ▅▅▅▅▅  54%
       etl-tui  sketch  20260105_120000_test  SUCCESS 00:00   ✓ 1 done  ≈ 1 degraded  ! 1 check warned              slots 0/8
       etl-tui  sketch  20260105_120000_test  SUCCESS 00:00   ✓ 1 done  ≈ 1 degraded  ! 1 check warned                                                                                              slots 0/8"
    `);
  });

  test('shortens the name of the pipeline before the reason of a failure', () => {
    const wrong = over({ orphans: 'fail', fresh: 'warn' });
    const { pipeline } = wrong.plan;
    const named = {
      ...wrong,
      plan: { ...wrong.plan, pipeline: { ...pipeline, name: 'warehouse_refresh_'.repeat(5) } },
    };
    expect(sizes.map(([width, meters]) => draw(width, meters, named).trimEnd()).join('\n')).toMatchInlineSnapshot(`
      " warehouse_refre…house_refresh_ ≠ DATA WRONG 00:00  ✓2 ≠1 !1
       warehouse_refresh_warehou…fresh_warehouse_refresh_ ≠ DATA WRONG 00:00  ✓2 ≠1 !1
       warehouse_refresh_warehouse_refresh_warehouse_refresh_warehouse_refresh_warehouse_refresh_ ≠ DATA WRONG 00:00  ✓2 ≠1 !1
       etl-tui  warehouse_refresh_warehouse_refresh_warehouse_refresh_warehouse_refresh_warehouse_refresh_  ≠ DATA WRONG 00:00   ✓ 2 done  ≠ 1 check failed  ! 1 check warned                       slots 0/8"
    `);
  });
});

test('the slots of an automatic run are auto until a number is set', () => {
  const machine = { cores: 4, memoryBytes: 2 ** 34 };
  const run = fakeRun({ tasks: { a: {}, b: {} } }, { auto: true, machine, maxParallel: 16 });
  const slots = () =>
    /slots +\S+/.exec(plain(headerRow({ state: run.state(), now: run.now(), meters: [] }, 160, theme)))?.[0];
  expect(slots()).toBe('slots  2/auto');
  run.limit(3);
  expect(slots()).toBe('slots     2/3');
});
