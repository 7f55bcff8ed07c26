import { describe, expect, test } from 'vitest';
import type { Effect } from '../../../../../src/engine/model/run/messages.ts';
import { fakeRun, noon, resumedRun } from '../../../../support/fake-run.ts';

const elsewhere = { runsElsewhere: true } as const;
const shell = (script: string) => ({ kind: 'shell', script }) as const;

describe('where attempts outlive the process that started them, a resumed run', () => {
  test('waits for the attempt that runs, starts no other, and goes on when it has succeeded', () => {
    const run = fakeRun({ tasks: { a: {}, b: { after: ['a'] }, c: { after: ['b'] } } });
    run.exit('a');
    const resumed = resumedRun(run, elsewhere);
    expect(resumed.fact.decisions).toEqual({ a: { kind: 'reused' }, b: { kind: 'adopted', attempt: 1 } });
    expect(resumed.summary()).toBe('a: succeeded, b: running, c: waiting');
    expect(startsOf(resumed.effects)).toEqual(['b#1']);
    expect(resumed.events.map(({ type }) => type)).toEqual(['run.continued']);
    resumed.exit('b');
    resumed.exit('c');
    expect(resumed.status()).toBe('success');
    expect(resumed.replayed()).toEqual(resumed.state());
  });

  test('counts the failure of such an attempt as if it had never been away', () => {
    const run = fakeRun({ tasks: { a: { retry: { retries: 1 } } } });
    const resumed = resumedRun(run, elsewhere);
    resumed.exit('a', 1);
    expect(resumed.stateOf('a')).toMatchObject({ kind: 'backing-off', attempt: 2 });
    resumed.fire('retry', 'a');
    resumed.exit('a', 1);
    expect(resumed.stateOf('a')).toMatchObject({ kind: 'failed', attempt: 2 });
  });

  test('counts the limit of time from the start of the attempt, and hears first whether it has ended in time', () => {
    const run = fakeRun({ tasks: { long: { timeoutMs: 3_600_000 }, short: { timeoutMs: 30_000 } } });
    const resumed = resumedRun(run, elsewhere);
    expect(timersOf(resumed.effects)).toEqual({
      long: noon + 3_600_000,
      // Its limit passed half a minute ago.
      short: resumed.now() + 10_000,
    });
    resumed.fire('timeout', 'short');
    expect(resumed.effects.at(-1)).toMatchObject({ type: 'terminate-task', task: 'short', attempt: 1 });
  });

  test('holds the pools and slots of what runs', () => {
    const run = fakeRun({ pools: { disk: 1 }, tasks: { a: { pools: ['disk'] }, b: { pools: ['disk'] } } });
    const resumed = resumedRun(run, elsewhere);
    expect(resumed.summary()).toBe('a: running, b: ready');
    expect(resumed.state().running).toBe(1);
    resumed.exit('a');
    expect(resumed.stateOf('b')).toMatchObject({ kind: 'running', attempt: 1 });
  });

  test('starts anew with a task that is another one now, or has another one before it', () => {
    const tasks = (script: string) => ({ a: { command: shell(script) }, b: { after: ['a'] } });
    const run = fakeRun({ tasks: tasks('old') });
    run.exit('a');
    const resumed = resumedRun(run, { ...elsewhere, pipeline: { tasks: tasks('new') } });
    expect(resumed.fact.decisions).toEqual({ a: { kind: 'command' }, b: { kind: 'upstream', task: 'a' } });
    expect(startsOf(resumed.effects)).toEqual(['a#2']);
  });

  test('tries an attempt again that was being stopped', () => {
    const run = fakeRun({ tasks: { a: {}, b: {} } });
    run.cancelTask('a');
    const resumed = resumedRun(run, elsewhere);
    expect(resumed.fact.decisions).toEqual({
      a: { kind: 'interrupted', attempt: 1 },
      b: { kind: 'adopted', attempt: 1 },
    });
    expect(startsOf(resumed.effects).toSorted()).toEqual(['a#2', 'b#1']);
  });

  test('adopts once more what still runs when it is resumed again', () => {
    const again = resumedRun(resumedRun(fakeRun({ tasks: { a: {} } }), elsewhere), elsewhere);
    expect(again.fact.decisions).toEqual({ a: { kind: 'adopted', attempt: 1 } });
    again.exit('a');
    expect(again.status()).toBe('success');
  });
});

function startsOf(effects: readonly Effect[]): readonly string[] {
  return effects.flatMap((effect) => (effect.type === 'start-task' ? [`${effect.task}#${effect.attempt}`] : []));
}

function timersOf(effects: readonly Effect[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    effects.flatMap((effect) =>
      effect.type === 'set-timer' && effect.timer.kind === 'timeout' ? [[effect.timer.task, effect.at]] : [],
    ),
  );
}
