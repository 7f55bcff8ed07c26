import { describe, expect, it } from 'vitest';
import { describeCheckNotRun } from '../../../../../src/engine/results/causes/describe-not-run.ts';
import { rootCausesOf } from '../../../../../src/engine/results/causes/root-causes.ts';
import { taskResult } from '../../../../../src/engine/results/files/task-result.ts';
import { replay } from '../../../../../src/engine/scheduler/state/replay.ts';
import { type FakeRun, fakeRun, runOptions } from '../../../../support/fake-run.ts';

const output = { tail: () => ({ stdout: '', stderr: '' }), logPath: () => '' };
const killed = { kind: 'signalled', signal: 'SIGTERM' } as const;

function resultOf(run: FakeRun, task: string) {
  return taskResult(run.state(), run.plan.indexOf.get(task as never)!, output, 100);
}

function notAsked(run: FakeRun, check: string) {
  return describeCheckNotRun(run.state(), run.plan.checks.find(({ spec }) => spec.name === check)!.index);
}

describe('a task that was not run', () => {
  it('names the task that failed, however many tasks that were not run lie between', () => {
    const run = fakeRun({ tasks: { fails: {}, mid: { after: ['fails'] }, end: { after: ['mid'] } } });
    run.exit('fails', 1);
    expect(resultOf(run, 'end')).toMatchObject({
      status: 'upstream_failed',
      error: 'not run: "fails" failed',
      root_causes: [{ task: 'fails', status: 'failed' }],
    });
  });

  it('names the task that failed before a gate, and the gate was not run for the same reason', () => {
    const run = fakeRun({
      tasks: { loader: {}, other: {}, mart: { after: ['other', 'loader'] } },
      checks: { sane: { after: ['loader', 'other'], gate: true }, late: { after: ['mart'] } },
    });
    run.exit('loader', 1);
    run.exit('other');
    expect(resultOf(run, 'mart').error).toBe('not run: "loader" failed');
    expect(notAsked(run, 'sane')).toBe('"loader" failed');
    expect(notAsked(run, 'late')).toBe('"loader" failed');
  });

  it.each([
    ['fail', 'not run: check sane failed'],
    ['error', 'not run: check sane had an error'],
  ] as const)('names a gate that did not pass: %s', (verdict, error) => {
    const sketch = { tasks: { load: {}, mart: { after: ['load'] }, end: { after: ['mart'] } } };
    const run = fakeRun({ ...sketch, checks: { sane: { after: ['load'], gate: true } } });
    run.exit('load');
    run.answer('sane', verdict);
    expect(resultOf(run, 'end')).toMatchObject({ error, root_causes: [{ check: 'sane', status: verdict }] });
  });

  it('names a task that timed out, and one that an operator cancelled', () => {
    const run = fakeRun({ tasks: { slow: {}, after_slow: { after: ['slow'] }, b: {}, after_b: { after: ['b'] } } });
    run.fire('timeout', 'slow');
    run.exit('slow', killed);
    run.cancelTask('b');
    run.exit('b', killed);
    expect(resultOf(run, 'after_slow').error).toBe('not run: "slow" timed out');
    expect(resultOf(run, 'after_b').error).toBe('not run: "b" was cancelled');
  });

  it('names the critical task that stopped the run', () => {
    const sketch = {
      tasks: { b: { critical: true }, long: {}, later: { after: ['long'] }, end: { after: ['later'] } },
    };
    const run = fakeRun(sketch);
    run.exit('b', 1);
    expect(resultOf(run, 'later').error).toBe('not run: the critical task b failed');
    expect(resultOf(run, 'end').error).toBe('not run: the critical task b failed');
    // What was stopped by a person after that was stopped by a person.
    run.cancel();
    run.exit('long', killed);
    expect(resultOf(run, 'later').error).toBe('not run: the critical task b failed');
    expect(resultOf(run, 'long').error).toBe('cancelled: the run was cancelled');
  });

  it('names the first failure of a sequential run', () => {
    const run = fakeRun({ tasks: { a: {}, b: {} }, checks: { sane: { after: ['b'] } } }, { sequential: true });
    run.exit('a', 1);
    expect(resultOf(run, 'b').error).toBe('not run: "a" failed, and a sequential run stops at the first failure');
    expect(notAsked(run, 'sane')).toBe('"a" failed, and a sequential run stops at the first failure');
  });

  it('names the cancellation of the run, as its checks do', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] } }, checks: { whole: {} } });
    run.cancel();
    run.exit('a', killed);
    expect(resultOf(run, 'b').error).toBe('not run: the run was cancelled');
    expect(notAsked(run, 'whole')).toBe('the run was cancelled');
  });

  it('names the first of several root causes, and how many others there are', () => {
    const sketch = { a: {}, b: {}, c: {}, mid: { after: ['a'] }, end: { after: ['mid', 'b', 'c'] } };
    const run = fakeRun({ tasks: sketch });
    run.exit('b', 1);
    expect(resultOf(run, 'end').error).toBe('not run: "b" failed');
    run.exit('a', 1);
    expect(resultOf(run, 'end').error).toBe('not run: "b" failed (and 1 other cause)');
    run.exit('c', 1);
    expect(resultOf(run, 'end').error).toBe('not run: "b" failed (and 2 other causes)');
    expect(resultOf(run, 'end').root_causes?.map((cause) => 'task' in cause && cause.task)).toEqual(['b', 'a', 'c']);
  });

  it('has the same root causes when its journal is replayed', () => {
    const run = fakeRun({ tasks: { b: { critical: true }, x: {}, later: { after: ['x'] }, mart: { after: ['b'] } } });
    run.exit('b', 1);
    const again = replay(run.plan, runOptions(), JSON.parse(JSON.stringify(run.events)));
    for (const { index } of run.plan.tasks)
      expect(rootCausesOf(again, index)).toEqual(rootCausesOf(run.state(), index));
  });

  it('has its root cause computed in linear time in a chain of ten thousand', () => {
    const names = Array.from({ length: 10_000 }, (_, at) => `t${at}`);
    const tasks = Object.fromEntries(names.map((name, at) => [name, at === 0 ? {} : { after: [names[at - 1]!] }]));
    const run = fakeRun({ tasks });
    run.exit('t0', 1);
    const state = run.state();
    for (const { index } of run.plan.tasks.slice(1)) {
      expect(rootCausesOf(state, index)[0]).toEqual({ kind: 'task', task: 't0', how: 'failed' });
    }
  });
});
