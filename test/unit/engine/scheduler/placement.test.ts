import { describe, expect, test } from 'vitest';
import type { Exit } from '../../../../src/engine/model/run/task-state.ts';
import { fakeRun, resumedRun } from '../../../support/fake-run.ts';
import { hostLoad, seenHost } from '../../../support/hosts.ts';
import type { PipelineSketch } from '../../../support/pipeline-builder.ts';
import { gigabyte, sampled } from '../../../support/take-sample.ts';

const lost: Exit = { kind: 'lost', why: 'lease-expired', message: 'its lease expired' };

function tasksOf<Sketch>(count: number, sketch: Sketch): Record<string, Sketch> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, sketch]));
}

/** A run of which the tasks run on other hosts, as many at once as there are slots. */
function runElsewhere(tasks: PipelineSketch['tasks'], more: Omit<PipelineSketch, 'tasks'> = {}) {
  return fakeRun({ tasks, ...more }, { elsewhere: true, auto: true, maxParallel: 1_000 });
}

describe('a host for each task', () => {
  test('without a host a task waits for one, and starts when it is there', () => {
    const run = runElsewhere({ a: {} });
    expect(run.why('a')).toBe('waits for a host');
    run.hosts(seenHost('h1'));
    expect(run.hostOf('a')).toBe('h1');
    expect(run.effects.find(({ type }) => type === 'start-task')).toMatchObject({ task: 'a', host: 'h1' });
    expect(run.replayed()).toEqual(run.state());
  });

  test('a task with labels runs only where all of them are', () => {
    const run = runElsewhere({ a: { labels: ['r', 'big'] }, b: {} });
    run.hosts(seenHost('h1', { labels: ['r'] }));
    expect(run.running()).toEqual(['b']);
    expect(run.why('a')).toBe('waits for a host labelled r and big');
    run.hosts(seenHost('h1', { labels: ['r'] }), seenHost('h2', { labels: ['big', 'r'] }));
    expect(run.hostOf('a')).toBe('h2');
  });

  test('as many run as there are slots, and the others say what they wait for', () => {
    const run = runElsewhere({ ...tasksOf(5, {}), r: { labels: ['r'] }, s: { labels: ['r'] } });
    run.hosts(seenHost('h1', { slots: 2 }), seenHost('h2', { slots: 1, labels: ['r'] }));
    expect(run.running()).toHaveLength(3);
    expect(run.why('t4')).toBe('all hosts are busy');
    expect(run.why('s')).toBe('the only host labelled r is busy');
    expect(run.replayed()).toEqual(run.state());
  });

  test('the host with the largest share of free slots is chosen', () => {
    const run = runElsewhere(tasksOf(3, {}));
    run.hosts(seenHost('h1', { slots: 2 }), seenHost('h2', { slots: 4 }));
    expect(['t0', 't1', 't2'].map(run.hostOf)).toEqual(['h1', 'h2', 'h2']);
  });

  test('a host that drains takes nothing more', () => {
    const run = runElsewhere(tasksOf(3, {}));
    run.hosts(seenHost('h1', { slots: 1 }));
    run.hosts(seenHost('h1', { slots: 1, accepting: false }));
    run.exit('t0');
    expect(run.running()).toEqual([]);
    expect(run.why('t1')).toBe('waits for a host');
  });

  test('a limit of the run holds for all hosts together', () => {
    const run = fakeRun({ tasks: tasksOf(5, {}) }, { elsewhere: true, maxParallel: 3 });
    run.hosts(seenHost('h1'), seenHost('h2'));
    expect(run.running()).toHaveLength(3);
    expect(run.why('t4')).toBe('all 3 slots are busy');
  });

  test('pools hold across hosts', () => {
    const run = runElsewhere(tasksOf(3, { pools: ['p'] }), { pools: { p: 1 } });
    run.hosts(seenHost('h1'), seenHost('h2'));
    expect(run.running()).toEqual(['t0']);
  });

  test('connections are kept for no task that no host can take', () => {
    const tasks = { small: { connections: 1 }, big: { connections: 2, labels: ['r'] }, next: { connections: 1 } };
    const run = fakeRun({ tasks }, { elsewhere: true, auto: true, maxParallel: 1_000, connectionBudget: 2 });
    run.hosts(seenHost('h1', { slots: 4 }));
    expect(run.running()).toEqual(['small', 'next']);
    expect(run.why('big')).toBe('waits for a host labelled r');
    run.hosts(seenHost('h1', { slots: 4 }), seenHost('h2', { labels: ['r'] }));
    expect(run.why('big')).toContain('connection');
    run.exit('small');
    run.exit('next');
    expect(run.hostOf('big')).toBe('h2');
  });

  test('in a run on this machine labels decide nothing', () => {
    const run = fakeRun({ tasks: { a: { labels: ['r'] } } });
    expect(run.running()).toEqual(['a']);
    expect(run.hosts(seenHost('h1'))).toBeUndefined();
    expect(run.state().hosts).toBeUndefined();
    expect(JSON.stringify(run.events)).not.toContain('host');
  });
});

describe('the room on a host', () => {
  test('a task waits where its memory does not fit, and goes where it does', () => {
    const run = runElsewhere({ a: { memoryBytes: 10 * gigabyte }, b: { memoryBytes: 10 * gigabyte } });
    run.hosts(seenHost('h1', { load: hostLoad() }));
    expect(run.running()).toEqual(['a']);
    expect(run.why('b')).toBe('needs 10 GB of memory, at most 3.5 GB free on a host');
    run.hosts(seenHost('h1', { load: hostLoad() }), seenHost('h2', { load: hostLoad() }));
    expect(run.hostOf('b')).toBe('h2');
  });

  test('what other programs use there is taken off, what its own attempts use is not', () => {
    const run = runElsewhere(tasksOf(4, { cpu: 1 }));
    run.hosts(seenHost('h1', { load: hostLoad({ usedCores: 2 }) }));
    expect(run.running()).toEqual(['t0', 't1']);
    expect(run.why('t2')).toBe('no host has a core free');
    run.hosts(seenHost('h1', { load: hostLoad({ usedCores: 2 }) }));
    expect(run.running()).toEqual(['t0', 't1', 't2', 't3']);
    expect(run.replayed()).toEqual(run.state());
  });

  test('a task that fits nowhere starts once nothing of the run runs on the hosts for it', () => {
    const run = runElsewhere({ a: {}, huge: { after: ['a'], memoryBytes: 100 * gigabyte } });
    run.hosts(seenHost('h1', { load: hostLoad() }));
    run.exit('a');
    expect(run.hostOf('huge')).toBe('h1');
  });

  test('memory that becomes free is kept for the task that lacks it first, on the host where it will fit', () => {
    const gigabytes = (count: number) => ({ memoryBytes: count * gigabyte });
    const run = runElsewhere({ a: gigabytes(8), b: gigabytes(8), large: gigabytes(12), small: gigabytes(2), any: {} });
    run.hosts(
      seenHost('h1', { load: hostLoad() }),
      seenHost('h2', { load: hostLoad({ freeMemoryBytes: 12 * gigabyte }) }),
    );
    expect(['a', 'b'].map(run.hostOf)).toEqual(['h1', 'h2']);
    expect(run.why('large')).toBe('needs 12 GB of memory, at most 5.5 GB free on a host');
    expect(run.hostOf('any')).toBeDefined();
    // h1 would have room for it, but that is kept, and h2 has less than its share left.
    expect(run.why('small')).toBe('the next free memory is for large');
    run.exit('b');
    expect(run.hostOf('small')).toBe('h2');
    run.exit('a');
    expect(run.hostOf('large')).toBe('h1');
    expect(run.replayed()).toEqual(run.state());
  });

  test('memory that is kept for the second of two tasks that lack it is told with the name of that one', () => {
    const huge = { memoryBytes: 100 * gigabyte };
    const run = runElsewhere({
      a: {},
      labelled: { ...huge, labels: ['r'] },
      anywhere: huge,
      small: { memoryBytes: gigabyte },
    });
    run.hosts(
      seenHost('h1', { slots: 2, load: hostLoad() }),
      seenHost('h2', { slots: 1, labels: ['r'], load: hostLoad() }),
      seenHost('h3', { slots: 1, labels: ['r'] }),
    );
    expect(run.running()).toEqual(['a']);
    expect(run.why('small')).toBe('the next free memory is for anywhere');
  });

  test('samples of the machine of the orchestrator limit connections only', () => {
    const run = runElsewhere(tasksOf(4, { cpu: 1, connections: 5 }));
    run.hosts(seenHost('h1', { load: hostLoad() }));
    sampled(run, { cpu: 1, memory: 0.99, connections: { used: 0, limit: 10 } });
    expect(run.state().capacity).toEqual({ connections: 8, unknown: { cpu: 0, memoryBytes: 0 } });
    for (const task of ['t0', 't1', 't2']) run.exit(task);
    expect(run.running()).toEqual(['t3']);
  });

  test('a load that says nothing new is no event', () => {
    const run = runElsewhere({ a: {} });
    run.hosts(seenHost('h1', { load: hostLoad() }));
    const before = run.events.length;
    run.hosts(seenHost('h1', { load: hostLoad({ usedCores: 0.2, freeMemoryBytes: 15.9 * gigabyte }) }));
    expect(run.events).toHaveLength(before);
  });
});

describe('an attempt that is lost with its host', () => {
  test('is made again on another host, and not charged to the task', () => {
    const run = runElsewhere({ a: { retry: { retries: 0 } } });
    run.hosts(seenHost('h1'), seenHost('h2', { slots: 1 }));
    expect(run.hostOf('a')).toBe('h1');
    run.exit('a', lost);
    run.fire('retry', 'a');
    expect(run.hostOf('a')).toBe('h2');
    run.exit('a', 1);
    expect(run.stateOf('a')).toMatchObject({ kind: 'failed', attempt: 2, cause: { kind: 'exit-code' } });
    expect(run.replayed()).toEqual(run.state());
  });

  test('prefers another machine to a new worker on the same one', () => {
    const run = runElsewhere({ a: {} });
    run.hosts(seenHost('one#1'), seenHost('two#1', { slots: 1, labels: ['x'] }));
    run.exit('a', lost);
    run.hosts(seenHost('one#2'), seenHost('two#1', { slots: 1, labels: ['x'] }));
    run.fire('retry', 'a');
    expect(run.hostOf('a')).toBe('two#1');
  });

  test('goes back to the only host when there is no other', () => {
    const run = runElsewhere({ a: {} });
    run.hosts(seenHost('h1'));
    run.exit('a', lost);
    run.fire('retry', 'a');
    expect(run.hostOf('a')).toBe('h1');
  });

  test('fails when it is lost for the fourth time, and says so', () => {
    const run = runElsewhere({ a: { retry: { retries: 5 } } });
    run.hosts(seenHost('h1'), seenHost('h2'));
    for (let loss = 1; loss <= 3; loss += 1) {
      run.exit('a', lost);
      run.fire('retry', 'a');
    }
    run.exit('a', lost);
    expect(run.stateOf('a')).toMatchObject({
      kind: 'failed',
      cause: { kind: 'lost', message: 'lost with its host 4 times (h1, h2): its lease expired' },
    });
    expect(run.replayed()).toEqual(run.state());
  });

  test('gets its losses anew when a person runs the task again', () => {
    const run = runElsewhere({ a: {} });
    run.hosts(seenHost('h1'));
    for (let loss = 1; loss <= 3; loss += 1) {
      run.exit('a', lost);
      run.fire('retry', 'a');
    }
    run.exit('a', lost);
    run.retry('a');
    run.hosts(seenHost('h2'));
    run.exit('a', lost);
    expect(run.stateOf('a').kind).toBe('backing-off');
  });

  test('as a fallback is made again as the fallback', () => {
    const run = runElsewhere({ a: { fallback: { command: { kind: 'shell', script: 'x' }, note: 'cache' } } });
    run.hosts(seenHost('h1'));
    run.exit('a', 1);
    run.exit('a', lost);
    run.fire('retry', 'a');
    expect(run.stateOf('a')).toMatchObject({ kind: 'running', fallback: true });
    run.exit('a', 0);
    expect(run.stateOf('a')).toMatchObject({ kind: 'succeeded', degraded: 'cache' });
    expect(run.replayed()).toEqual(run.state());
  });
});

describe('a run that is resumed', () => {
  test('places nothing before its hosts were seen again', () => {
    const before = runElsewhere({ a: {}, b: { after: ['a'] } });
    before.hosts(seenHost('h1'));
    before.exit('a');
    const run = resumedRun(before);
    expect(run.why('b')).toBe('waits for a host');
    run.hosts(seenHost('h2'));
    expect(run.hostOf('b')).toBe('h2');
    expect(run.state().hosts?.map(({ id, isGone }) => [id, isGone])).toEqual([
      ['h1', true],
      ['h2', undefined],
    ]);
    expect(run.replayed()).toEqual(run.state());
  });
});
