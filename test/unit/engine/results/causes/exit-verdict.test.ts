import { describe, expect, it } from 'vitest';
import type { CheckVerdict } from '../../../../../src/engine/model/run/check-result.ts';
import { exitVerdict } from '../../../../../src/engine/results/causes/exit-verdict.ts';
import { fakeRun } from '../../../../support/fake-run.ts';

const sketch = { tasks: { load: {}, last: { after: ['load'] } }, checks: { sane: { after: ['load'] } } };

function checked(verdict: CheckVerdict, options = {}) {
  const run = fakeRun(sketch, options);
  run.exit('load');
  run.answer('sane', verdict);
  run.exit('last');
  return exitVerdict(run.state());
}

describe('the status of a run', () => {
  it.each([
    ['pass', 'success'],
    ['warn', 'success'],
    ['fail', 'check-failed'],
    ['error', 'task-failed'],
  ] as const)('with all tasks done and a check with verdict %s is %s', (verdict, expected) => {
    expect(checked(verdict)).toBe(expected);
  });

  it('is success when an operator skipped a task, and when checks are turned off', () => {
    const run = fakeRun(sketch, { runChecks: false });
    run.exit('load');
    run.skip('last');
    for (const task of run.running()) run.exit(task, { kind: 'signalled', signal: 'SIGTERM' });
    expect(run.stateOf('last').kind).toBe('skipped');
    expect(exitVerdict(run.state())).toBe('success');
  });

  it('is wrong data when only failed gates kept tasks from running', () => {
    const tasks = { load: {}, other: {}, mart: { after: ['load'] }, end: { after: ['mart'] } };
    const run = fakeRun({
      tasks,
      checks: { sane: { after: ['load'], gate: true }, late: { after: ['end'] }, whole: {} },
    });
    run.exit('load');
    run.answer('sane', 'fail');
    run.exit('other');
    expect(exitVerdict(run.state())).toBe('task-failed');
    run.answer('whole', 'warn');
    expect(run.summary()).toContain('end: upstream-failed');
    expect(exitVerdict(run.state())).toBe('check-failed');
  });

  it.each([
    ['a task failed as well', 1, 'fail'],
    ['a gate had an error', 0, 'error'],
  ] as const)('is failure when %s beside a failed gate', (_, code, verdict) => {
    const tasks = { load: {}, other: {}, mart: { after: ['load'] } };
    const run = fakeRun({ tasks, checks: { sane: { after: ['load'], gate: true } } });
    run.exit('load');
    run.answer('sane', verdict);
    run.exit('other', code);
    expect(exitVerdict(run.state())).toBe('task-failed');
  });

  it('is failure when a task failed, whatever the checks found', () => {
    const run = fakeRun(sketch);
    run.exit('load');
    run.answer('sane', 'fail');
    run.exit('last', 1);
    expect(exitVerdict(run.state())).toBe('task-failed');
  });

  it('is failure when a single task was cancelled, and cancelled when the whole run was', () => {
    const one = fakeRun(sketch);
    one.cancelTask('load');
    one.exit('load', { kind: 'signalled', signal: 'SIGTERM' });
    expect(exitVerdict(one.state())).toBe('task-failed');
    const all = fakeRun(sketch);
    all.cancel();
    expect(exitVerdict(all.state())).toBe('cancelled');
    all.exit('load', { kind: 'signalled', signal: 'SIGTERM' });
    expect(exitVerdict(all.state())).toBe('cancelled');
  });

  it('is failure when tasks are left undone', () => {
    const run = fakeRun(sketch);
    run.exit('load');
    expect(exitVerdict(run.state())).toBe('task-failed');
    run.exit('last');
    expect(exitVerdict(run.state())).toBe('task-failed');
    run.answer('sane');
    expect(exitVerdict(run.state())).toBe('success');
  });

  it('is a missed SLA where the pipeline says that it fails the run, and only when everything else succeeded', () => {
    const sla = { sla: 'run', limit: 1, unit: 'seconds', message: '' } as const;
    const end = (code: number, onMiss: 'warn' | 'fail') => {
      const run = fakeRun({ tasks: { load: {} }, slas: { onMiss } });
      run.exit('load', code);
      return run.state();
    };
    expect(exitVerdict(end(0, 'fail'), [{ ...sla, status: 'missed' }])).toBe('sla-missed');
    expect(exitVerdict(end(0, 'fail'), [{ ...sla, status: 'met' }])).toBe('success');
    expect(exitVerdict(end(0, 'warn'), [{ ...sla, status: 'missed' }])).toBe('success');
    expect(exitVerdict(end(1, 'fail'), [{ ...sla, status: 'missed' }])).toBe('task-failed');
  });
});
