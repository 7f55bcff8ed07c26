import { describe, expect, test } from 'vitest';
import type { RunId, TaskId } from '../../../../../src/engine/model/ids.ts';
import type { ReusePreview } from '../../../../../src/engine/run/reuse/preview-reuse.ts';
import { unfinishedAfter, whatRunsAgain } from '../../../../../src/engine/run/watch/what-runs-again.ts';
import { fakeRun } from '../../../../support/fake-run.ts';
import { type PipelineSketch, sketchPlan } from '../../../../support/pipeline-builder.ts';

const chain: PipelineSketch = { tasks: { a: {}, b: { after: ['a'] }, c: { after: ['b'] } } };
const none: ReadonlySet<TaskId> = new Set();

function names(...all: readonly string[]): ReadonlySet<TaskId> {
  return new Set(all as readonly TaskId[]);
}

function again(
  now: PipelineSketch,
  { changed = none, unfinished = none, reused = [] as readonly string[] } = {},
): Record<string, string> {
  const previews = new Map(
    reused.map((id): [TaskId, ReusePreview] => [id as TaskId, { kind: 'reused', run: 'run' as RunId, at: 0 as never }]),
  );
  return Object.fromEntries(whatRunsAgain(sketchPlan(chain), sketchPlan(now), changed, previews, unfinished));
}

describe('what runs again after a change', () => {
  test('is a task whose inputs have another content, and not what is downstream of it', () => {
    expect(again(chain, { changed: names('b') })).toEqual({ b: 'inputs' });
    expect(again(chain, { changed: names('b', 'c'), reused: ['b'] })).toEqual({ c: 'inputs' });
  });

  test('is a task that is new, and one that was edited in what it does', () => {
    const command = { kind: 'shell', script: 'echo other' } as const;
    expect(again({ tasks: { ...chain.tasks, a: { command }, d: {} } })).toEqual({ a: 'task', d: 'new' });
    expect(again({ tasks: { ...chain.tasks, c: { after: ['a'] } } })).toEqual({ c: 'task' });
    expect(again({ tasks: { ...chain.tasks, c: { after: ['b'], timeoutMs: 5 } } })).toEqual({});
  });

  test('is a task that has not done its work, as long as it is there', () => {
    expect(again(chain, { unfinished: names('c', 'gone') })).toEqual({ c: 'unfinished' });
  });

  test('is no task at the end of the run: that comes by itself', () => {
    expect(again({ tasks: { ...chain.tasks, tidy: { runWhen: 'always' } } })).toEqual({});
  });
});

test('a task is unfinished until it succeeds, in whichever run', () => {
  const run = fakeRun(chain);
  run.exit('a', 1);
  const after = unfinishedAfter(none, run.state());
  expect([...after].sort()).toEqual(['a', 'b', 'c']);
  const second = fakeRun({ tasks: { a: {} } });
  second.exit('a', 0);
  expect([...unfinishedAfter(after, second.state())].sort()).toEqual(['b', 'c']);
});
