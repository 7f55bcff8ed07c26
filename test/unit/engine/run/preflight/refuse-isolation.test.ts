import { expect, test } from 'vitest';
import type { HostId, RunId } from '../../../../../src/engine/model/ids.ts';
import { ok } from '../../../../../src/engine/model/result.ts';
import type { Exit } from '../../../../../src/engine/model/run/task-state.ts';
import { planPipeline } from '../../../../../src/engine/pipeline/plan-pipeline.ts';
import type { Executor } from '../../../../../src/engine/ports.ts';
import { refuseIsolation } from '../../../../../src/engine/run/preflight/refuse-isolation.ts';

const run = 'run' as RunId;
const allows: Exit = { kind: 'exited', code: 0 };
const refuses: Exit = { kind: 'not-started', reason: 'usage', message: 'unshare: Operation not permitted' };

type Answers = Readonly<Record<string, { readonly labels?: readonly string[]; readonly answer: Exit | 'none' }>>;

/** Hosts that answer a trial like this. */
function hosts(answers: Answers) {
  const tried: string[] = [];
  const ended: string[] = [];
  const executor: Executor = {
    runs: 'elsewhere',
    hosts: () =>
      Object.entries(answers).map(([name, { labels = [] }]) => {
        return { id: name as HostId, name, labels: new Set(labels), slots: 1, accepting: true };
      }),
    onHostsChanged: () => () => undefined,
    start: ({ ref }, on, observer) => {
      tried.push(`${on} ${ref.attempt}`);
      const { answer } = answers[on]!;
      if (answer !== 'none') setImmediate(() => observer.exited(answer));
      return { terminate: () => ended.push(on), hasEnded: () => false };
    },
    adopt: async () => ok([]),
    close: async () => {},
  };
  return { executor, tried, ended };
}

function planOf(task: string) {
  const { plan } = planPipeline(`version: 1\nname: small\ntasks: { load: { command: 'true', ${task} } }\n`, 'p.yaml');
  return plan!;
}

test('each host is tried on which an isolated task may run, and the one that refuses is named', async () => {
  const { executor, tried } = hosts({
    anna: { labels: ['r'], answer: allows },
    bert: { answer: refuses },
    carl: { labels: ['gpu', 'r'], answer: refuses },
  });
  expect(await refuseIsolation(planOf('isolation: pid, labels: [r]'), run, executor)).toMatchObject({
    code: 'run/no-isolation',
    message: '"isolation: pid" of load does not work on host carl: unshare: Operation not permitted',
    hint: expect.stringContaining('label'),
  });
  expect(tried).toEqual(['anna 1', 'carl 2']);
});

test('a host that does not answer in time, or is lost, is left to the run', async () => {
  const { executor, ended } = hosts({
    anna: { answer: 'none' },
    bert: { answer: { kind: 'lost', why: 'lease-expired', message: 'gone' } },
  });
  expect(await refuseIsolation(planOf('isolation: pid'), run, executor, { withinMs: 20 })).toBeUndefined();
  expect(ended).toEqual(['anna']);
});

test('a run that is resumed tries anew, and does not find the answers of before', async () => {
  const first = hosts({ anna: { answer: allows } });
  await refuseIsolation(planOf('isolation: pid'), run, first.executor);
  const second = hosts({ anna: { answer: allows } });
  await refuseIsolation(planOf('isolation: pid'), run, second.executor, { round: 1 });
  expect(second.tried).not.toEqual(first.tried);
});

test('nothing is tried where no task is isolated', async () => {
  const { executor, tried } = hosts({ anna: { answer: refuses } });
  expect(await refuseIsolation(planOf('isolation: none'), run, executor)).toBeUndefined();
  expect(tried).toEqual([]);
});
