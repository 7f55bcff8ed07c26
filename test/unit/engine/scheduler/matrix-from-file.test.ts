import { describe, expect, test } from 'vitest';
import type { TaskId } from '../../../../src/engine/model/ids.ts';
import { failed, ok } from '../../../../src/engine/model/result.ts';
import { entryAt } from '../../../../src/engine/model/run/task-table.ts';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';
import { type FakeRun, fakeRun, resumedRun } from '../../../support/fake-run.ts';

const text = `
tasks:
  filter: { command: [x] }
  other: { command: [x] }
  load: { command: [x], matrix: { feed: { lines: feeds.txt, from: filter } } }
  check: { command: [x], dependencies: [load], matrix: { feed: { lines: feeds.txt, from: filter } } }
  report: { command: [x], dependencies: [check, other] }
`;
const planned = (file = text) => planPipeline(file, 'f.yaml').plan!;

/** Ends an attempt of a task with what its file gives to the matrices of the plan. */
function write(run: FakeRun, lines: readonly string[] | string): void {
  const values = typeof lines === 'string' ? failed(lines) : ok({ 'filter feeds.txt': lines });
  const exit = { kind: 'exited', code: 0 } as const;
  run.take({ type: 'exited', task: 'filter' as TaskId, attempt: 1, exit, lastOutput: '', lines: values });
}

function exit(run: FakeRun, task: string, attempt = 1, code = 0): void {
  run.take({ type: 'exited', task: task as TaskId, attempt, exit: { kind: 'exited', code }, lastOutput: '' });
}

const summary = (run: FakeRun) => {
  const { plan, tasks } = run.state();
  return plan.tasks.map(({ spec, index }) => `${spec.id}: ${entryAt(tasks, index).state.kind}`).join(', ');
};

describe('a matrix from a file', () => {
  test('is one task until the file is written, and then its instances', () => {
    const run = fakeRun(planned());
    expect(summary(run)).toBe(
      'filter: running, other: running, load[feed=*]: waiting, check[feed=*]: waiting, report: waiting',
    );
    write(run, ['a', 'b']);
    expect(summary(run)).toBe(
      'filter: succeeded, other: running, load[feed=a]: running, load[feed=b]: running, check[feed=a]: waiting, check[feed=b]: waiting, report: waiting',
    );
    for (const task of ['load[feed=a]', 'load[feed=b]', 'other', 'check[feed=a]', 'check[feed=b]', 'report'])
      exit(run, task);
    expect(run.status()).toBe('success');
    expect(run.replayed()).toEqual(run.state());
    expect(run.events.map(({ type }) => type).filter((type) => type === 'tasks.expanded')).toHaveLength(1);
  });

  test('has its values in the journal before the task that writes them has ended', () => {
    const run = fakeRun(planned());
    write(run, ['a']);
    const types = run.events.map((event) => ('task' in event ? `${event.type} ${event.task}` : event.type));
    expect(types.indexOf('tasks.expanded')).toBeLessThan(types.indexOf('task.finished filter'));
  });

  test.each([
    [['a', 'a'], 'the value "a" twice, in key "feed" of the matrix of task "load"'],
    [['a', ''], 'an empty value, in key "feed" of the matrix of task "load"'],
    ['did not write feeds.txt', 'did not write feeds.txt'],
  ])('with %j makes the task fail that writes it', (lines, message) => {
    const run = fakeRun(planned());
    write(run, lines);
    expect(run.stateOf('filter')).toMatchObject({ kind: 'failed', cause: { kind: 'bad-lines', message } });
    expect(run.stateOf('load[feed=*]')).toMatchObject({ kind: 'upstream-failed', because: 'filter' });
  });

  test('without lines is not needed, and neither is what depends on it', () => {
    const run = fakeRun(planned());
    write(run, []);
    exit(run, 'other');
    expect(summary(run)).toBe(
      'filter: succeeded, other: succeeded, load[feed=*]: not-needed, check[feed=*]: not-needed, report: not-needed',
    );
    expect(run.status()).toBe('success');
    expect(run.replayed()).toEqual(run.state());
  });

  test('keeps its instances when the run is resumed, as long as the task that wrote them is not run again', () => {
    const run = fakeRun(planned());
    write(run, ['a', 'b']);
    exit(run, 'load[feed=a]');
    const resumed = resumedRun(run, { pipeline: run.state().plans[0]! });
    expect(resumed.fact.lines).toEqual({ 'filter feeds.txt': ['a', 'b'] });
    expect(resumed.fact.decisions['load[feed=a]']).toEqual({ kind: 'reused' });
    expect(resumed.fact.decisions['load[feed=b]']).toMatchObject({ kind: 'interrupted' });
    for (const task of ['check[feed=a]', 'check[feed=b]', 'report'])
      expect(summary(resumed as FakeRun)).toContain(task);
    const changed = resumedRun(run, {
      pipeline: planned(text.replace('filter: { command: [x] }', 'filter: { command: [y] }')),
    });
    expect(changed.fact.lines).toBeUndefined();
    expect(summary(changed as FakeRun)).toContain('load[feed=*]: waiting');
  });
});

describe('a matrix from a file that nothing in the run writes', () => {
  const conditional = text.replace('filter: { command: [x] }', 'filter: { command: [x], only_if: ./is-newer }');
  /** Tells what is in the file, or why it cannot be read. */
  const tell = (run: FakeRun, lines: readonly string[] | string, task = 'load[feed=*]') => {
    const values = typeof lines === 'string' ? failed(lines) : ok({ 'filter feeds.txt': lines });
    run.take({ type: 'answered', task: task as TaskId, attempt: 1, answer: { kind: 'values', lines: values } });
  };
  const notNeeded = (run: FakeRun) =>
    run.take({ type: 'answered', task: 'filter' as TaskId, attempt: 1, answer: { kind: 'not-needed' } });
  const instances =
    'other: running, load[feed=a]: running, load[feed=b]: running, check[feed=a]: waiting, check[feed=b]: waiting, report: waiting';

  test('takes the lines that are there when the task that writes it is not needed', () => {
    const run = fakeRun(planned(conditional));
    notNeeded(run);
    expect(summary(run)).toContain('filter: not-needed, other: running, load[feed=*]: asking, check[feed=*]: waiting');
    expect(run.why('load[feed=*]')).toBe('reading its values');
    tell(run, ['a', 'b']);
    expect(summary(run)).toBe(`filter: not-needed, ${instances}`);
    for (const task of ['load[feed=a]', 'load[feed=b]', 'other', 'check[feed=a]', 'check[feed=b]', 'report'])
      exit(run, task);
    expect(run.status()).toBe('success');
    expect(run.replayed()).toEqual(run.state());
  });

  test('takes them when it is skipped, by a person or from the start', () => {
    const person = fakeRun(planned());
    person.skip('filter');
    person.take({
      type: 'exited',
      task: 'filter' as TaskId,
      attempt: 1,
      exit: { kind: 'exited', code: 1 },
      lastOutput: '',
    });
    const start = fakeRun(planPipeline(text, 'f.yaml', { skip: ['filter'] }).plan!);
    for (const run of [person, start]) {
      tell(run, ['a', 'b']);
      expect(summary(run)).toBe(`filter: skipped, ${instances}`);
      expect(run.replayed()).toEqual(run.state());
    }
  });

  test('takes them when the task that writes it is not part of the run', () => {
    const run = fakeRun(planPipeline(text, 'f.yaml', { only: ['load', 'check'] }).plan!);
    tell(run, ['a']);
    expect(summary(run)).toBe('load[feed=a]: running, check[feed=a]: waiting');
  });

  test('takes them when its failure is tolerated', () => {
    const run = fakeRun(planned(text.replace('[x] }', '[x], continue_on_failure: true }')));
    exit(run, 'filter', 1, 1);
    tell(run, ['a', 'b']);
    expect(summary(run)).toBe(`filter: failed, ${instances}`);
  });

  test('is not needed when nothing behind the task that writes it is', () => {
    const run = fakeRun(planned(conditional.replace('./is-newer', './is-newer, otherwise: stop')));
    notNeeded(run);
    expect(summary(run)).toContain('filter: not-needed, other: running, load[feed=*]: not-needed');
    expect(run.effects.filter(({ type }) => type === 'ask-condition')).toHaveLength(1);
  });

  test('is not needed when the file is empty', () => {
    const run = fakeRun(planned(conditional));
    notNeeded(run);
    tell(run, []);
    exit(run, 'other');
    expect(summary(run)).toBe(
      'filter: not-needed, other: succeeded, load[feed=*]: not-needed, check[feed=*]: not-needed, report: not-needed',
    );
    expect(run.status()).toBe('success');
    expect(run.replayed()).toEqual(run.state());
    // What has no values is not asked for them again.
    run.retry('load[feed=*]');
    expect(summary(run)).toContain('load[feed=*]: not-needed');
  });

  test.each([
    ['there is no feeds.txt', 'there is no feeds.txt'],
    [['a', 'a'], 'the value "a" twice, in key "feed" of the matrix of task "load"'],
  ])('fails without another attempt when it cannot be used: %j', (lines, message) => {
    const retried = conditional.replace(
      'load: { command: [x]',
      'load: { command: [x], retries: 3, fallback: { command: [y], note: n }',
    );
    const run = fakeRun(planned(retried));
    notNeeded(run);
    tell(run, lines);
    expect(run.stateOf('load[feed=*]')).toEqual({ kind: 'failed', attempt: 0, cause: { kind: 'bad-lines', message } });
    expect(run.stateOf('check[feed=*]')).toMatchObject({ kind: 'upstream-failed', because: 'load[feed=*]' });
    exit(run, 'other');
    expect(run.status()).toBe('failed');
    expect(run.replayed()).toEqual(run.state());
    // It is read anew by a rerun.
    run.retry('load[feed=*]');
    tell(run, ['a']);
    expect(summary(run)).toContain('load[feed=a]: running, check[feed=a]: waiting');
  });

  test('is read in its turn in a sequential run', () => {
    const run = fakeRun(planPipeline(conditional, 'f.yaml').plan!, { sequential: true });
    notNeeded(run);
    exit(run, 'other');
    tell(run, ['a', 'b']);
    expect(summary(run)).toBe(
      'filter: not-needed, other: succeeded, load[feed=a]: running, load[feed=b]: ready, check[feed=a]: waiting, check[feed=b]: waiting, report: waiting',
    );
    expect(run.replayed()).toEqual(run.state());
  });

  test('is read again by a run that is resumed in the middle of that', () => {
    const run = fakeRun(planned(conditional));
    notNeeded(run);
    const resumed = resumedRun(run, { pipeline: run.state().plans[0]! }) as unknown as FakeRun;
    expect(resumed.effects).toContainEqual({ type: 'ask-condition', task: 'load[feed=*]', attempt: 1 });
    tell(resumed, ['a', 'b']);
    expect(summary(resumed)).toContain('load[feed=a]: running, load[feed=b]: running');
    expect(resumed.replayed()).toEqual(resumed.state());
  });

  test.each([
    ['not needed', () => fakeRun(planned(conditional)), notNeeded],
    ['skipped', () => fakeRun(planPipeline(text, 'f.yaml', { skip: ['filter'] }).plan!), () => undefined],
    ['left out', () => fakeRun(planPipeline(text, 'f.yaml', { only: ['load'] }).plan!), () => undefined],
  ])('keeps the list of the journal when the run is resumed: %s', (_, begin, then) => {
    const run = begin();
    then(run);
    tell(run, ['a', 'b']);
    exit(run, 'load[feed=a]');
    const resumed = resumedRun(run, { pipeline: run.state().plans[0]! });
    expect(resumed.fact.lines).toEqual({ 'filter feeds.txt': ['a', 'b'] });
    expect(resumed.fact.decisions['load[feed=a]']).toEqual({ kind: 'reused' });
    expect(resumed.replayed()).toEqual(resumed.state());
  });

  test('leaves out each instance when all of them were skipped before they were known', () => {
    const run = fakeRun(planned());
    run.skip('load[feed=*]');
    write(run, ['a', 'b']);
    expect(summary(run)).toBe(
      'filter: succeeded, other: running, load[feed=a]: skipped, load[feed=b]: skipped, check[feed=a]: running, check[feed=b]: running, report: waiting',
    );
    expect(run.replayed()).toEqual(run.state());
  });
});
