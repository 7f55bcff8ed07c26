import { describe, expect, test } from 'vitest';
import { formatMinute } from '../../../../src/display/format/format-moment.ts';
import type { EpochMs, ResourceSample, SlaJudgement } from '../../../../src/engine/index.ts';
import { limitsPane } from '../../../../src/ui/panes/limits/limits-pane.ts';
import { slotsText } from '../../../../src/ui/status/slots-text.ts';
import { createTheme } from '../../../../src/ui/theme.ts';
import { type FakeRun, fakeRun } from '../../../support/fake-run.ts';
import { seenHost } from '../../../support/hosts.ts';
import { gigabyte } from '../../../support/take-sample.ts';
import { plain } from '../support/plain.ts';
import { screenOf } from '../support/screen-of.ts';

const theme = createTheme({ colour: false, unicode: true });
const auto = { auto: true, machine: { cores: 4, memoryBytes: 16 * gigabyte }, maxParallel: 16 } as const;

function drawn(run: FakeRun, task?: number, sample?: ResourceSample, columns = 100): string {
  const state = run.state();
  const view = { state, now: run.now() as EpochMs, top: 0, ...(task === undefined ? {} : { task }) };
  const shape = { width: columns, height: 14, focused: true, zoomed: true };
  const rows = limitsPane({ ...view, ...(sample === undefined ? {} : { sample }) }, shape, theme);
  return rows.map((row) => plain(row).trimEnd()).join('\n');
}

describe('the limits', () => {
  test('of an automatic run name the cores as what binds when tasks of unknown needs have them all', () => {
    const run = fakeRun({ tasks: { a: {}, b: {}, c: {}, d: {}, e: {} } }, auto);
    const text = drawn(run, 4);
    expect(text).toMatch(/^ slots +█████░+ 4 of 16 +auto: as the machine allows$/m);
    expect(text).toMatch(/^ CPU +█{20} 4 of 3.2 cores$/m);
    expect(text).toMatch(/^ blocking +CPU$/m);
    expect(text).toMatch(/^ selected +e: all cores are in use by 4 tasks$/m);
  });

  test('of an automatic run on other hosts are the slots of these, from which a person goes on', () => {
    const run = fakeRun({ tasks: { a: {}, b: {}, c: {} } }, { elsewhere: true, auto: true, maxParallel: 1_000 });
    run.hosts(seenHost('h1', { slots: 2 }));
    const text = drawn(run, 2);
    expect(text).toMatch(/^ slots +█+ 2 of 2 +auto: the slots of all hosts$/m);
    expect(text).toMatch(/^ blocking +slots$/m);
    expect(text).toMatch(/^ selected +c: the only host is busy$/m);
    expect(slotsText(run.state())).toBe('2/2');
    expect(screenOf({ state: run.state() }).press('+').commands[0]).toMatchObject({
      intents: [{ type: 'limit', maxParallel: 3 }],
    });
  });

  test('of a run that may take so long say how much of that it has had', () => {
    const run = fakeRun({ tasks: { a: {} }, limits: { runMs: 4 * 3_600_000 } });
    run.pass(754_000);
    expect(drawn(run)).toMatch(/^ run +12m34s of 4h; then it is stopped$/m);
    expect(drawn(fakeRun({ tasks: { a: {} } }))).not.toContain('then it is stopped');
  });

  test('say until when the selected task waits for something outside the run', () => {
    const waitFor = { for: { kind: 'file', path: 'in/a.csv' }, everyMs: 60_000, timeoutMs: 90_000_000 } as const;
    const run = fakeRun({ tasks: { a: { waitFor: { ...waitFor, onTimeout: 'fail' } } } });
    const until = formatMinute(run.now() + 90_000_000);
    run.pass(3_600_000);
    expect(drawn(run, 0)).toContain(` a: waits for file in/a.csv, until ${until}\n`);
  });

  test('name who holds a pool and the connections, and say of the selected task that it does not wait', () => {
    const tasks = { a: { pools: ['api'], connections: 4 }, b: { pools: ['api'] }, c: { connections: 9 } };
    const run = fakeRun({ pools: { api: 1, quiet: 2 }, tasks }, { connectionBudget: 10 });
    const text = drawn(run, 0);
    expect(text).toMatch(/^ slots +█.*░ 1 of 8$/m);
    expect(text).toMatch(/^ connections +█+.*░ 4 of 10 +a holds 4$/m);
    expect(text).toMatch(/^ pool api +█{20} 1 of 1 +a holds it$/m);
    expect(text).toMatch(/^ pool quiet +░{20} 0 of 2$/m);
    expect(text).toMatch(/^ blocking +connections, pool api$/m);
    expect(text).toMatch(/^ selected +a does not wait$/m);
  });

  test('show the machine beside what the tasks may take, and a disk beside its floor', () => {
    const run = fakeRun({ tasks: { a: {} }, limits: { diskFreeBytes: gigabyte } }, auto);
    const disks = [{ role: 'logs', freeBytes: 4 * gigabyte }] as const;
    const machine = { cpu: 0.6, memory: 0.25, memoryBytes: 4 * gigabyte, cores: 4, memoryLimitBytes: 16 * gigabyte };
    const sample: ResourceSample = { at: run.now(), ...machine, disks, tasks: new Map() };
    run.take({ type: 'sampled', sample });
    const text = drawn(run, undefined, sample);
    expect(text).toMatch(/^ CPU .*cores +machine 60 %, limit 80 %$/m);
    expect(text).toMatch(/^ memory .* GB +machine 25 %, limit 85 %$/m);
    expect(text).toMatch(/^ disk, logs +█████░+ 4 GB free +at least 1 GB$/m);
    expect(text).toMatch(/^ blocking +nothing: no task is ready and waiting$/m);
  });

  test('stand between the SLAs that are at risk or missed and the others, with what was measured beside each limit', () => {
    const run = fakeRun({ tasks: { a: {} } });
    const slas: readonly SlaJudgement[] = [
      { sla: 'run', status: 'at-risk', limit: 1200, unit: 'seconds', message: 'may take 22m00s, limit 20m' },
      { sla: 'levels.load', status: 'met', limit: 300, unit: 'seconds', message: 'took 12s, limit 5m' },
    ];
    const draw = (width: number) =>
      limitsPane(
        { state: run.state(), now: run.now(), top: 0, slas },
        { width, height: 16, focused: true, zoomed: true },
        theme,
      )
        .map((row) => plain(row).trimEnd())
        .join('\n');
    const wide = draw(100);
    expect(wide).toMatch(/^ SLA run {2}! at risk {2}may take 22m00s, limit 20m\n\n slots /m);
    expect(wide).toMatch(/^ blocking .*\n\n SLA levels.load {2}✓ met {2}took 12s, limit 5m$/m);
    expect(draw(40)).toMatch(/^ SLA run {2}! at risk\n {3}may take 22m00s, limit 20m$/m);
  });

  test('make room for the notes in a narrow pane', () => {
    const run = fakeRun({ tasks: { a: {} } }, auto);
    expect(drawn(run, 0, undefined, 66)).toMatch(/^ slots +[▍▌]░{5,9} 1 of 16 +auto: as the machine allows$/m);
  });

  test('say that the machine allows fewer tasks than the run, and why', () => {
    const run = fakeRun({ tasks: { a: { cpu: 0 }, b: { cpu: 0 }, c: { cpu: 0 } } }, { maxParallel: 2 });
    const sample: ResourceSample = {
      ...{ at: run.now(), cpu: 0, cores: 4, memory: 0.97, memoryBytes: 15 * gigabyte, memoryLimitBytes: 16 * gigabyte },
      tasks: new Map(),
    };
    run.take({ type: 'sampled', sample });
    const text = drawn(run, 2, sample);
    expect(text).toMatch(/^ slots .*2 of 0 +memory 97 % > 85 %$/m);
    expect(text).toMatch(/^ selected +c: /m);
  });

  test('say of a run that has stepped down what its tasks lacked', () => {
    const tasks = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`t${index}`, {}]));
    const run = fakeRun({ tasks }, { maxParallel: 8 });
    for (const task of ['t0', 't1']) run.exit(task, 1, { lastOutput: 'ERROR:  deadlock detected' });
    expect(drawn(run)).toMatch(/^ slots .* of 4 +stepped down from 8: database deadlock$/m);
  });

  test('are opened and closed with L, and closed with Esc', () => {
    const open = screenOf().press('L');
    expect([open.screen.shown, open.screen.focus]).toEqual(['limits', 'limits']);
    for (const key of ['L', 'Esc']) {
      const { screen } = open.press(key);
      expect([screen.shown, screen.focus]).toEqual([undefined, 'tasks']);
    }
  });
});

describe('the number of tasks at once', () => {
  function pressed(run: FakeRun, key: string) {
    const [command] = screenOf({ state: run.state() }).press(key).commands;
    return command?.type === 'intend' ? [command.intents[0], command.done] : undefined;
  }

  test('of an automatic run is set by + and -, and that is said; - allows one less than run', () => {
    const run = fakeRun({ tasks: { a: {}, b: {}, c: {} } }, auto);
    expect(pressed(run, '-')).toEqual([{ type: 'limit', maxParallel: 2 }, 'up to 2 tasks at once, instead of auto']);
    expect(pressed(run, '+')).toEqual([{ type: 'limit', maxParallel: 17 }, 'up to 17 tasks at once, instead of auto']);
    run.limit(2);
    expect(pressed(run, '-')).toEqual([{ type: 'limit', maxParallel: 1 }, '1 task at once']);
    expect(pressed(run, '+')).toEqual([{ type: 'limit', maxParallel: 3 }, 'up to 3 tasks at once']);
  });

  test('goes up from what a step down has left, and says when the machine allows fewer', () => {
    const run = fakeRun({ tasks: { a: {}, b: {} } }, { maxParallel: 8 });
    const { overload, ...rest } = run.state();
    const down = screenOf({ state: { ...rest, overload: { ...overload, maxParallel: 2 } } });
    const [plus, minus] = ['+', '-'].map((key) => down.press(key).commands[0]);
    expect(plus).toMatchObject({ intents: [{ type: 'limit', maxParallel: 3 }], done: 'up to 3 tasks at once' });
    expect(minus).toMatchObject({ intents: [{ type: 'limit', maxParallel: 1 }], done: '1 task at once' });
    const capacity = { tasks: 2, unknown: { cpu: 1, memoryBytes: 0 } };
    const [held] = screenOf({ state: { ...rest, overload, capacity } }).press('+').commands;
    expect(held).toMatchObject({ done: 'up to 9 tasks at once; the machine allows 2 now' });
  });
});
