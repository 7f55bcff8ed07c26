import { describe, expect, it } from 'vitest';
import type { TaskId } from '../../../../src/engine/model/ids.ts';
import { runResult } from '../../../../src/engine/results/files/run-result.ts';
import { noon } from '../../../support/fake-run.ts';
import { sketchPlan } from '../../../support/pipeline-builder.ts';
import { openFakeRuntime } from './fake-runtime.ts';

const one = sketchPlan({ tasks: { a: {} } });
const two = sketchPlan({ tasks: { a: {}, b: { after: ['a'] }, c: {} } });
const success = { kind: 'exited', code: 0 } as const;
const failure = { kind: 'exited', code: 1 } as const;

describe('the run loop', () => {
  it('starts a task only when its task.started event is on the disk', async () => {
    const world = openFakeRuntime(one);
    world.loop.dispatch({ type: 'start' });
    expect(world.diary).toEqual(['write run.started task.ready task.started']);
    await world.write();
    expect(world.diary.slice(1)).toEqual(['told run.started', 'told task.ready', 'told task.started', 'start a#1']);
  });

  it('opens the log of an attempt with its first output, and closes it before the exit is handled', async () => {
    const world = openFakeRuntime(two);
    world.loop.dispatch({ type: 'start' });
    await world.write();
    world.output('a#1', 'one');
    world.output('a#1', 'two');
    await world.exit('a#1', success);
    await world.exit('c#1', success);
    expect(world.diary.filter((line) => line.includes('log') || line.startsWith('write task.finished'))).toEqual([
      'open log a#1',
      'close log a#1',
      'write task.finished task.ready task.started',
    ]);
  });

  it('does not wait for the disk when a task has spawned or reports progress', async () => {
    const world = openFakeRuntime(one);
    world.loop.dispatch({ type: 'start' });
    await world.write();
    world.diary.splice(0);
    const a = { task: 'a' as TaskId, attempt: 1 };
    world.loop.dispatch({ type: 'spawned', ...a, pid: 4711 });
    world.loop.dispatch({ type: 'reported', ...a, report: { rows: 3 } });
    expect(world.diary).toEqual([
      'record task.spawned',
      'told task.spawned',
      'record task.progressed',
      'told task.progressed',
    ]);
    await world.exit('a#1', success);
    expect(world.diary.at(-1)).toBe('write task.finished run.finished');
  });

  it('handles input at once during a write, and writes its events with the next one', async () => {
    const world = openFakeRuntime(two);
    world.loop.dispatch({ type: 'start' });
    await world.write();
    await world.exit('a#1', success);
    await world.exit('c#1', failure);
    expect([world.kindOf('a'), world.kindOf('c')]).toEqual(['succeeded', 'failed']);
    await world.write();
    expect(world.diary.filter((line) => line.startsWith('write'))).toEqual([
      'write run.started task.ready task.ready task.started task.started',
      'write task.finished task.ready task.started',
      'write task.finished',
    ]);
  });

  it('resolves when the end of the run is on the disk', async () => {
    const world = openFakeRuntime(one);
    let over = false;
    void world.loop.finished.then(() => {
      over = true;
    });
    world.loop.dispatch({ type: 'start' });
    await world.write();
    await world.exit('a#1', success);
    expect(over).toBe(false);
    await world.write();
    expect(over).toBe(true);
    expect(world.loop.state().phase).toEqual({ kind: 'finished', status: 'success' });
  });

  it('starts nothing more when the journal cannot be written, and refuses with the reason', async () => {
    const world = openFakeRuntime(one);
    world.loop.dispatch({ type: 'start' });
    await world.failWrite('no space left');
    await world.loop.finished;
    expect(world.broken).toEqual(['no space left']);
    expect(world.diary).not.toContain('start a#1');
    expect(world.kindOf('a')).toBe('cancelled');
    expect(world.loop.dispatch({ type: 'pause' })).toContain('the journal cannot be written');
  });
});

describe('a run whose journal is lost while a task runs', () => {
  const losing = async () => {
    const world = openFakeRuntime(sketchPlan({ tasks: { a: {}, b: { after: ['a'] }, long: { killGraceMs: 700 } } }));
    world.loop.dispatch({ type: 'start' });
    await world.write();
    await world.exit('a#1', success);
    await world.failWrite('no space left');
    return world;
  };

  it('lets the task finish, and ends as failed', async () => {
    const world = await losing();
    expect(world.terminations).toEqual([]);
    await world.exit('long#1', success);
    const { phase } = await world.loop.finished;
    expect(phase).toMatchObject({ kind: 'finished', status: 'failed', reason: { kind: 'journal-lost' } });
    expect(['a', 'b', 'long'].map(world.kindOf)).toEqual(['succeeded', 'cancelled', 'succeeded']);
    expect(world.diary).not.toContain('start b#1');
    expect(world.diary.at(-1)).toBe('told run.finished');
    expect(world.timers.size).toBe(0);
  });

  it('terminates the task after a while, with its grace period', async () => {
    const world = await losing();
    await world.fireTimer();
    expect(world.terminations).toEqual(['long#1 700']);
    await world.exit('long#1', { kind: 'signalled', signal: 'SIGTERM' });
    await world.loop.finished;
    expect(world.kindOf('long')).toBe('cancelled');
  });

  it('names the journal as the cause when the task was asked to end, and not an operator', async () => {
    const world = await losing();
    await world.fireTimer();
    await world.exit('long#1', { kind: 'signalled', signal: 'SIGTERM' });
    const state = await world.loop.finished;
    const output = { tail: () => ({ stdout: '', stderr: '' }), logPath: () => undefined };
    const { results, verdict, status } = runResult(state, output, noon);
    expect(results.map(({ task, error }) => [task, error])).toEqual([
      ['a', null],
      ['b', 'cancelled: the journal could not be written'],
      ['long', 'cancelled: the journal could not be written'],
    ]);
    expect([status, verdict]).toEqual(['failed', 'task-failed']);
  });

  it('can be cancelled at once, but starts nothing on request', async () => {
    const world = await losing();
    expect(world.loop.dispatch({ type: 'retry-task', task: 'a' as TaskId, downstream: false })).toContain(
      'the journal',
    );
    expect(world.loop.dispatch({ type: 'cancel' })).toBeUndefined();
    expect(world.terminations).toEqual(['long#1 700']);
  });
});

describe('an attempt', () => {
  it('that failed has its database sessions ended before its exit is handled', async () => {
    const world = openFakeRuntime(one);
    world.loop.dispatch({ type: 'start' });
    await world.write();
    await world.exit('a#1', failure);
    expect(world.diary.slice(-2)).toEqual(['sweep a#1', 'write task.finished run.finished']);
  });

  it('that the kernel killed for lack of memory is known to have lacked it', async () => {
    const world = openFakeRuntime(one);
    world.loop.dispatch({ type: 'start' });
    await world.write();
    world.kernel.oomKills += 1;
    await world.exit('a#1', { kind: 'signalled', signal: 'SIGKILL' });
    await world.write();
    expect(world.loop.state().overload).toMatchObject({ failures: 1 });
  });

  it('that succeeded keeps its database sessions', async () => {
    const world = openFakeRuntime(one);
    world.loop.dispatch({ type: 'start' });
    await world.write();
    await world.exit('a#1', success);
    expect(world.diary).not.toContain('sweep a#1');
  });

  it('that did not write its declared output files has failed', async () => {
    const world = openFakeRuntime(sketchPlan({ tasks: { a: { outputs: ['features.csv'] } } }), {
      path: 'features.csv',
    });
    world.loop.dispatch({ type: 'start' });
    await world.write();
    await world.exit('a#1', success);
    expect(world.kindOf('a')).toBe('failed');
  });

  it('whose program has ended is not terminated, although its timeout passes before the exit is reported', async () => {
    const world = openFakeRuntime(sketchPlan({ tasks: { a: { timeoutMs: 5_000 } } }));
    world.loop.dispatch({ type: 'start' });
    await world.write();
    world.endings.add('a#1');
    await world.fireTimer();
    expect(world.terminations).toEqual([]);
    await world.exit('a#1', success);
    expect(world.kindOf('a')).toBe('succeeded');
  });

  it('is terminated with its grace period at its timeout', async () => {
    const world = openFakeRuntime(sketchPlan({ tasks: { a: { timeoutMs: 5_000, killGraceMs: 700 } } }));
    world.loop.dispatch({ type: 'start' });
    await world.write();
    await world.fireTimer();
    await world.write();
    expect(world.terminations).toEqual(['a#1 700']);
  });

  it('leaves no timer behind', async () => {
    const world = openFakeRuntime(one);
    world.loop.dispatch({ type: 'start' });
    await world.write();
    expect(world.timers.size).toBe(1);
    await world.exit('a#1', success);
    expect(world.timers.size).toBe(0);
  });
});

describe('when another process has taken the run', () => {
  it('nothing of what was decided has happened, and nothing is started, ended or told any more', async () => {
    const world = openFakeRuntime(two);
    world.loop.dispatch({ type: 'start' });
    await world.write();
    world.diary.length = 0;
    await world.exit('a#1', success);
    world.loop.dispatch({ type: 'cancel' });
    await world.fenceWrite();
    expect(world.diary.filter((line) => !line.startsWith('write'))).toEqual([]);
    expect(world.terminations).toEqual([]);
    expect(world.broken).toEqual([]);
    expect(world.loop.isFenced()).toBe(true);
    expect(world.loop.dispatch({ type: 'cancel' })).toBe('another process carries out this run');
    await world.exit('c#1', failure);
    expect(world.diary.filter((line) => line.startsWith('start') || line.startsWith('told'))).toEqual([]);
  });
});
