import { expect, test } from 'vitest';
import type { HostId, RunId, TaskId } from '../../../../../src/engine/model/ids.ts';
import { ok } from '../../../../../src/engine/model/result.ts';
import type { Exit } from '../../../../../src/engine/model/run/task-state.ts';
import type { Executor, StartRequest } from '../../../../../src/engine/ports.ts';
import { startWhenReady } from '../../../../../src/engine/run/attempts/start-when-ready.ts';

const request: StartRequest = {
  ref: { run: 'run' as RunId, task: 'load' as TaskId, attempt: 1 },
  command: { kind: 'shell', script: 'true' },
  cwd: '/',
  env: {},
  killGraceMs: 0,
};

function attempt(ready: () => Promise<unknown> | undefined) {
  const happened: string[] = [];
  const executor: Executor = {
    runs: 'here',
    hosts: () => [],
    onHostsChanged: () => () => undefined,
    adopt: async () => ok([]),
    start: () => {
      happened.push('started');
      return { terminate: (graceMs) => void happened.push(`terminated in ${graceMs}`), hasEnded: () => false };
    },
    close: () => Promise.resolve(),
  };
  const exited = (exit: Exit) => void happened.push(exit.kind);
  const running = startWhenReady(executor, ready).start(request, 'here' as HostId, {
    spawned: () => {},
    output: () => {},
    reported: () => {},
    exited,
  });
  return { running, happened };
}

test('an attempt starts at once when there is nothing to wait for', () => {
  expect(attempt(() => undefined).happened).toEqual(['started']);
});

test('an attempt starts when the wait is over, and can then be terminated like any other', async () => {
  const wait = deferred();
  const { running, happened } = attempt(() => wait.promise);
  expect(happened).toEqual([]);
  wait.resolve();
  await expect.poll(() => happened).toEqual(['started']);
  running.terminate(5);
  expect(happened).toEqual(['started', 'terminated in 5']);
});

test('an attempt terminated during the wait never starts, and its end is reported once', async () => {
  const wait = deferred();
  const { running, happened } = attempt(() => wait.promise);
  running.terminate(5);
  running.terminate(0);
  wait.resolve();
  await expect.poll(() => happened).toEqual(['signalled']);
});

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
