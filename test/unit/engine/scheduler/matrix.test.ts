import { describe, expect, test } from 'vitest';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';
import { fakeRun, resumedRun } from '../../../support/fake-run.ts';

const runOf = (text: string) => fakeRun(planPipeline(`tasks:\n${text}`, 'f.yaml').plan!);

const chains = `
  load: { command: [x], matrix: { k: [1, 2, 3] } }
  check: { command: [x], dependencies: [load], matrix: { k: [1, 2, 3] } }
  report: { command: [x], dependencies: [check] }
`;

describe('a failed instance', () => {
  test('stops only its own chain, and what waits for all', () => {
    const run = runOf(chains);
    run.exit('load[k=1]');
    run.exit('load[k=2]', 1);
    run.exit('load[k=3]');
    expect(run.running()).toEqual(['check[k=1]', 'check[k=3]']);
    expect(run.stateOf('check[k=2]')).toEqual({ kind: 'upstream-failed', because: 'load[k=2]' });
    expect(run.stateOf('report')).toEqual({ kind: 'upstream-failed', because: 'check[k=2]' });
  });

  test('is run again alone, with what was not run because of it', () => {
    const run = runOf(chains);
    for (const k of [1, 2, 3]) run.exit(`load[k=${k}]`, k === 2 ? 1 : 0);
    for (const k of [1, 3]) run.exit(`check[k=${k}]`);
    expect(run.status()).toBe('failed');
    run.retry('load[k=2]');
    run.exit('load[k=2]');
    expect(run.running()).toEqual(['check[k=2]']);
    run.exit('check[k=2]');
    run.exit('report');
    expect(run.status()).toBe('success');
    expect(run.events.filter(({ type }) => type === 'task.started')).toHaveLength(8);
  });
});

describe('an instance that finds nothing to do', () => {
  const nothing = (run: ReturnType<typeof runOf>, task: string) => {
    run.report(task, { nothingNew: true });
    run.exit(task);
  };

  test('stops only its own chain: what joins it with others runs as long as one of them was needed', () => {
    const run = runOf(chains);
    nothing(run, 'load[k=2]');
    expect(run.stateOf('check[k=2]')).toEqual({ kind: 'not-needed', stops: true, because: 'load[k=2]' });
    run.exit('load[k=1]');
    run.exit('load[k=3]');
    run.exit('check[k=1]');
    expect(run.why('report')).toBe('waits for check[k=3]');
    run.exit('check[k=3]');
    expect(run.running()).toEqual(['report']);
    run.exit('report');
    expect(run.status()).toBe('success');
  });

  test('lets what joins it run also when it is the last to end', () => {
    const run = runOf(chains);
    for (const k of [1, 3]) run.exit(`load[k=${k}]`);
    for (const k of [1, 3]) run.exit(`check[k=${k}]`);
    nothing(run, 'load[k=2]');
    expect(run.running()).toEqual(['report']);
  });

  test('makes what joins all of them not needed when none was needed', () => {
    const run = runOf(chains);
    for (const k of [1, 2, 3]) nothing(run, `load[k=${k}]`);
    expect(run.stateOf('report')).toMatchObject({ kind: 'not-needed', stops: true });
    expect(run.status()).toBe('success');
  });

  test('does not hide that another one has failed', () => {
    const run = runOf(chains);
    nothing(run, 'load[k=2]');
    run.exit('load[k=1]', 1);
    expect(run.stateOf('report')).toMatchObject({ kind: 'upstream-failed' });
  });
});

describe('a sequential matrix', () => {
  const turns = '  t: { command: [x], matrix: { k: [1, 2, 3], order: sequential } }\n';

  test('runs one instance after the other, also after a failure', () => {
    const run = runOf(turns);
    expect(run.running()).toEqual(['t[k=1]']);
    expect(run.why('t[k=2]')).toBe('waits for t[k=1]');
    run.exit('t[k=1]', 1);
    expect(run.running()).toEqual(['t[k=2]']);
    run.exit('t[k=2]');
    run.exit('t[k=3]');
    expect(run.summary()).toBe('t[k=1]: failed, t[k=2]: succeeded, t[k=3]: succeeded');
    expect(run.replayed()).toEqual(run.state());
  });

  test('keeps its order when the run is resumed', () => {
    const run = runOf(turns);
    run.exit('t[k=1]');
    const resumed = resumedRun(run);
    expect(resumed.running()).toEqual(['t[k=2]']);
    resumed.exit('t[k=2]');
    expect(resumed.running()).toEqual(['t[k=3]']);
  });
});

describe('a matrix with max_failures', () => {
  const runWith = (limit: string) => {
    const plan = planPipeline(
      `tasks: { t: { command: [x], matrix: { k: [1, 2, 3, 4, 5], max_failures: ${limit} } }, u: { command: [x] } }`,
      'f.yaml',
    ).plan!;
    return fakeRun(plan, { maxParallel: 2 });
  };

  test.each(['1', '20%'])('of %s begins nothing new once more have failed; what runs goes on', (limit) => {
    const run = runWith(limit);
    run.exit('t[k=1]', 1);
    expect(run.running()).toEqual(['t[k=2]', 't[k=3]']);
    run.exit('t[k=2]', 1);
    expect(run.stateOf('t[k=4]').kind).toBe('cancelled');
    expect(run.stateOf('t[k=3]').kind).toBe('running');
    run.exit('t[k=3]');
    run.exit('u');
    expect(run.status()).toBe('failed');
    expect(run.stateOf('t[k=5]')).toMatchObject({
      reason: `more than ${limit === '1' ? '1 instance' : '20% of the instances'} of t failed`,
    });
  });

  test('tries again what was cancelled when the run is resumed', () => {
    const run = runWith('0');
    run.exit('t[k=1]', 1);
    run.exit('t[k=2]');
    run.exit('u');
    expect(run.status()).toBe('failed');
    const resumed = resumedRun(run);
    expect(resumed.running()).toEqual(['t[k=1]', 't[k=3]']);
  });
});
