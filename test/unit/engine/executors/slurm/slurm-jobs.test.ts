import { describe, expect, it } from 'vitest';
import { exitOfUnseen, isOver } from '../../../../../src/engine/executors/slurm/job-end.ts';
import { jobEnvironment } from '../../../../../src/engine/executors/slurm/job-environment.ts';
import { attemptOf, jobName, jobOptions } from '../../../../../src/engine/executors/slurm/job-options.ts';
import { isTransient, parseQueue, parseSize } from '../../../../../src/engine/executors/slurm/slurm-commands.ts';
import type { RunId, TaskId } from '../../../../../src/engine/model/ids.ts';

const ref = { run: '20260105_120000_slrm' as RunId, task: 'load[season=2023,part=a|b]' as TaskId, attempt: 2 };

describe('a job of Slurm', () => {
  it('has a name from which the attempt is known again, whatever the task is called', () => {
    expect(attemptOf(jobName(ref))).toEqual(ref);
    expect(attemptOf('somebody-else')).toBeUndefined();
    const line = `12|RUNNING|None|n1|${jobName(ref)}`;
    expect(parseQueue(`${line}\n7|PENDING|Resources||x\n`)).toEqual(
      new Map([
        [jobName(ref), [{ id: '12', state: 'RUNNING', reason: 'None', node: 'n1' }]],
        ['x', [{ id: '7', state: 'PENDING', reason: 'Resources', node: '' }]],
      ]),
    );
  });

  it('asks for the labels, cores and memory of its task, and never to be put back into the queue', () => {
    expect(jobOptions('n', '/d', { labels: ['a', 'b'], cpu: 0.5, memoryBytes: 1 })).toEqual(
      expect.arrayContaining(['--no-requeue', '--constraint=a&b', '--cpus-per-task=1', '--mem=1M']),
    );
    expect(jobOptions('n', '/d').join(' ')).not.toMatch(/constraint|cpus|mem/);
  });

  it('gets the environment of the run, without what is true of its machine only', () => {
    const env = { A: '1', SLURM_JOB_ID: '3', TMPDIR: '/x', ETL_TUI_QUEUE: 'q', 'BASH_FUNC_f%%': '()', UID: '0' };
    expect(jobEnvironment(env)).toEqual({ A: '1' });
  });

  it.each([
    ['NODE_FAIL', true, { kind: 'lost', why: 'host-gone' }],
    ['PREEMPTED', true, { kind: 'lost', why: 'runner-gone' }],
    ['CANCELLED', false, { kind: 'signalled', signal: 'SIGTERM' }],
    ['TIMEOUT', true, { kind: 'signalled', signal: 'SIGKILL' }],
    ['OUT_OF_MEMORY', true, { kind: 'signalled', signal: 'SIGKILL' }],
    ['FAILED', true, { kind: 'lost', why: 'runner-gone' }],
    ['FAILED', false, { kind: 'not-started', reason: 'usage' }],
    [undefined, true, { kind: 'lost', why: 'runner-gone' }],
  ])('that is over as %s without having said how (began: %s) is told', (state, began, exit) => {
    const job = state === undefined ? undefined : { id: '7', state, reason: 'None', node: 'n1' };
    expect(job === undefined || isOver(job)).toBe(true);
    expect(exitOfUnseen({ job, began, sent: undefined, folder: '/d' })).toMatchObject(exit);
  });

  it('is over in no state that is not known to be an end', () => {
    for (const state of ['PENDING', 'RUNNING', 'COMPLETING', 'REQUEUED', 'SUSPENDED', 'NEW_STATE']) {
      expect(isOver({ id: '7', state, reason: '', node: '' })).toBe(false);
    }
  });

  it('is submitted again when Slurm is away or full, and not when it asks for what there is not', () => {
    const away = ['Unable to contact slurm controller (connect failure)', 'Socket timed out on send/recv operation'];
    const full = 'Job violates accounting/QOS policy (job submit limit, user’s size and/or time limits)';
    expect([...away, full].map(isTransient)).toEqual([true, true, true]);
    const never = ['Invalid feature specification', 'Requested time limit is invalid (missing or exceeds some limit)'];
    expect(never.map(isTransient)).toEqual([false, false]);
  });
});

it('the cluster has the CPUs of the nodes that are up, and the features of all', () => {
  expect(parseSize('4/4/0/8|r\n0/8/8/16|gpu,big\n0/1/0/1|(null)\n')).toEqual({
    cpus: 17,
    features: new Set(['r', 'gpu', 'big']),
  });
});
