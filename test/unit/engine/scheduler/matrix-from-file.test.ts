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
    [['a', 'a'], 'key "feed" in the matrix of task "load" has the value "a" twice'],
    [['a', ''], 'key "feed" in the matrix of task "load" has an empty value'],
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
