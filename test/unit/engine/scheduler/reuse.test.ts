import { describe, expect, test } from 'vitest';
import type { EpochMs, RunId } from '../../../../src/engine/model/ids.ts';
import { entryAt } from '../../../../src/engine/model/run/task-table.ts';
import { type FakeRun, fakeRun, noon, resumedRun } from '../../../support/fake-run.ts';

const earlier = '20260104_120000_load' as RunId;
const reused = { kind: 'reused', run: earlier, at: (noon - 86_400_000) as EpochMs } as const;
const changed = { kind: 'input', path: 'raw.csv', how: 'changed' } as const;
const chain = { fetch: {}, clean: { after: ['fetch'], reuse: true }, report: { after: ['clean'] } };

const entryOf = (run: FakeRun, task: string) => entryAt(run.state().tasks, run.plan.indexOf.get(task as never)!);

describe('a task that may be reused', () => {
  test('is asked when everything before it is done, holds nothing, and is done when nothing has changed', () => {
    const run = fakeRun({ tasks: { ...chain, other: {} } }, { maxParallel: 1 });
    expect(run.summary()).toBe('fetch: running, clean: waiting, report: waiting, other: ready');
    run.exit('fetch');
    expect(run.summary()).toBe('fetch: succeeded, clean: asking, report: waiting, other: running');
    expect(run.why('clean')).toBe('checking for changes');
    run.answerNeed('clean', reused);
    expect(run.stateOf('clean')).toEqual(reused);
    expect(entryOf(run, 'clean')).toMatchObject({ attempts: 0, lastGood: reused.at });
    run.exit('other');
    run.exit('report');
    expect(run.status()).toBe('success');
    expect(run.replayed()).toEqual(run.state());
  });

  test('runs when something has changed, says what, and is not asked again for its retries', () => {
    const run = fakeRun({ tasks: { clean: { reuse: true, retry: { retries: 1 } } } });
    run.answerNeed('clean', { kind: 'needed', changed });
    run.exit('clean', 1);
    run.fire('retry', 'clean');
    expect(run.stateOf('clean')).toMatchObject({ kind: 'running', attempt: 2 });
    expect(entryOf(run, 'clean').changed).toEqual(changed);
    run.exit('clean');
    expect(run.replayed()).toEqual(run.state());
  });

  test('is asked as its author says, else as the run is asked to for what declares files', () => {
    const tasks = {
      says: { reuse: true },
      never: { reuse: false, outputs: ['a'] },
      reads: { inputs: ['a'] },
      writes: { outputs: ['b'] },
      bare: {},
    };
    expect(fakeRun({ tasks }).tasksThat('asking')).toEqual(['says']);
    expect(fakeRun({ tasks }, { reuse: true }).tasksThat('asking')).toEqual(['says', 'reads', 'writes']);
    expect(fakeRun({ tasks }, { reuse: false }).tasksThat('asking')).toEqual([]);
  });

  test('always runs when a person runs it again, and what is downstream is stale since the load that it had', () => {
    const run = fakeRun({ tasks: { ...chain, report: { after: ['clean'], reuse: true } } });
    run.exit('fetch');
    run.answerNeed('clean', reused);
    run.answerNeed('report', { ...reused, at: (reused.at + 5) as EpochMs });
    expect(run.status()).toBe('success');
    run.retry('clean');
    expect(run.stateOf('clean')).toMatchObject({ kind: 'running', attempt: 1 });
    expect(entryOf(run, 'report').stale).toEqual({ since: reused.at + 5, task: 'clean', why: 'rerun' });
    run.exit('clean');
    expect(run.replayed()).toEqual(run.state());
  });

  test('stays reused when its run is resumed, and is asked anew when it was being asked', () => {
    const run = fakeRun({ tasks: { ...chain, other: { reuse: true } } });
    run.exit('fetch');
    run.answerNeed('clean', reused);
    const resumed = resumedRun(run);
    expect(resumed.fact.decisions).toMatchObject({ fetch: { kind: 'reused' }, clean: { kind: 'reused' } });
    expect(resumed.stateOf('clean')).toEqual(reused);
    expect(resumed.stateOf('other').kind).toBe('asking');
    expect(resumed.effects).toContainEqual({ type: 'ask-condition', task: 'other', attempt: 1 });
    expect(resumed.replayed()).toEqual(resumed.state());
  });

  test('is asked anew in a resumed run when what is upstream of it runs again', () => {
    const run = fakeRun({ tasks: chain });
    run.exit('fetch');
    run.answerNeed('clean', reused);
    const resumed = resumedRun(run, { missing: { fetch: 'raw.csv' } });
    resumed.exit('fetch');
    expect(resumed.stateOf('clean').kind).toBe('asking');
  });

  test('is cancelled or skipped like one that waits', () => {
    for (const [ask, kind] of [
      ['cancelTask', 'cancelled'],
      ['skip', 'skipped'],
    ] as const) {
      const run = fakeRun({ tasks: { clean: { reuse: true } } });
      run[ask]('clean');
      expect(run.stateOf('clean').kind).toBe(kind);
      expect(run.effects).toContainEqual({ type: 'stop-condition', task: 'clean' });
    }
  });
});

test('a person can neither skip nor cancel a task that is reused', () => {
  const run = fakeRun({ tasks: chain });
  run.exit('fetch');
  run.answerNeed('clean', reused);
  expect(run.skip('clean')).toBe('task clean is reused, and its downstream runs');
  expect(run.cancelTask('clean')).toBe('task clean is already reused');
});
