import type { EpochMs, HostId, TaskId } from '../../../../src/engine/model/ids.ts';
import type { Plan } from '../../../../src/engine/model/pipeline/plan.ts';
import { failed, ok } from '../../../../src/engine/model/result.ts';
import type { RunEvent } from '../../../../src/engine/model/run/run-event.ts';
import type { Exit, MissingOutput } from '../../../../src/engine/model/run/task-state.ts';
import type { AttemptObserver, Ports } from '../../../../src/engine/ports.ts';
import { createEffectPerformer } from '../../../../src/engine/runtime/perform-effects.ts';
import { createRunLoop } from '../../../../src/engine/runtime/run-loop.ts';
import { initialState } from '../../../../src/engine/scheduler/state/initial-state.ts';
import { noon, runOptions } from '../../../support/fake-run.ts';

/** Ports that do nothing by themselves: the test says when a write is on the disk and how an attempt ends. */
export function openFakeRuntime(plan: Plan, missingOutput?: MissingOutput) {
  /** What happened, in order: `write …`, `start …`, `sweep …`, `told …`. */
  const diary: string[] = [];
  const writes: { readonly events: readonly RunEvent[]; done(): void; fail(error: Error): void }[] = [];
  const attempts = new Map<string, AttemptObserver>();
  const terminations: string[] = [];
  const endings = new Set<string>();
  let now = noon as number;
  const timers = new Set<{ readonly at: number; readonly fire: () => void }>();

  let isFenced = false;
  const kernel = { oomKills: 0 };

  const ports: Ports = {
    clock: {
      now: () => now as EpochMs,
      setTimer: (at, fire) => {
        const timer = { at, fire };
        timers.add(timer);
        return { cancel: () => timers.delete(timer) };
      },
    },
    journal: {
      append: (events) =>
        new Promise((resolve, reject) => {
          diary.push(`write ${events.map(({ type }) => type).join(' ')}`);
          writes.push({ events, done: resolve, fail: reject });
        }),
      isFenced: () => isFenced,
      record: (events) => diary.push(`record ${events.map(({ type }) => type).join(' ')}`),
      close: async () => {},
    },
    executor: {
      runs: 'here',
      hosts: () => [{ id: 'here' as HostId, name: 'here', labels: new Set(), slots: 8, accepting: true }],
      onHostsChanged: () => () => undefined,
      adopt: async () => ok([]),
      start: ({ ref: { task, attempt } }, _on, observer) => {
        diary.push(`start ${task}#${attempt}`);
        attempts.set(`${task}#${attempt}`, observer);
        return {
          terminate: (graceMs) => terminations.push(`${task}#${attempt} ${graceMs}`),
          hasEnded: () => endings.has(`${task}#${attempt}`),
        };
      },
      close: async () => {},
    },
    log: {
      open: (task, attempt) => {
        diary.push(`open log ${task}#${attempt}`);
        return { write: () => undefined, close: () => void diary.push(`close log ${task}#${attempt}`) };
      },
      tail: () => ({ stdout: '', stderr: '', merged: '' }),
      path: () => '/dev/null',
    },
    checks: { run: () => Promise.reject(new Error('no checks here')) },
    conditions: {
      ask: (task, attempt) => {
        diary.push(`ask ${task}#${attempt}`);
        return { stop: () => void diary.push(`stop asking ${task}`) };
      },
      awaitArrival: (task) => {
        diary.push(`look for what ${task} waits for`);
        return { stop: () => void diary.push(`stop looking for ${task}`) };
      },
    },
    lines: { read: async () => failed('no such file') },
    outputs: { remember: async () => {}, firstMissing: async () => missingOutput },
    oomKills: () => kernel.oomKills,
    sessions: {
      endSessions: async (task, attempt) => {
        diary.push(`sweep ${task}#${attempt}`);
      },
    },
  };
  const performer = createEffectPerformer(ports, (task, attempt) => ({
    ref: { run: runOptions().run, task, attempt },
    command: { kind: 'argv', argv: ['true'] },
    cwd: '/',
    env: {},
    killGraceMs: 1_000,
  }));
  const broken: string[] = [];
  const loop = createRunLoop({
    initial: initialState(plan, runOptions()),
    clock: ports.clock,
    journal: ports.journal,
    perform: performer.perform,
    onBroken: ({ message }) => broken.push(message),
  });
  loop.subscribe((event) => diary.push(`told ${event.type}`));

  return {
    loop,
    diary,
    broken,
    terminations,
    kernel,
    /** Attempts, as `task#attempt`, whose program has ended and whose exit has not come yet. */
    endings,
    timers,
    /** The oldest write reaches the disk, and what follows from it happens. */
    write: async () => {
      writes.shift()!.done();
      await settled();
    },
    failWrite: async (message: string) => {
      writes.shift()!.fail(new Error(message));
      await settled();
    },
    /** Another process has taken the run, so that the oldest write is refused. */
    fenceWrite: async () => {
      isFenced = true;
      writes.shift()!.fail(new Error('another process has the run'));
      await settled();
    },
    output: (attempt: string, text: string) => attempts.get(attempt)!.output('stdout', Buffer.from(text)),
    exit: async (attempt: string, exit: Exit) => {
      attempts.get(attempt)!.exited(exit);
      await settled();
    },
    /** Time goes on to the next timer, which fires. */
    fireTimer: async () => {
      const next = [...timers].sort((a, b) => a.at - b.at)[0]!;
      timers.delete(next);
      now = Math.max(now, next.at);
      next.fire();
      await settled();
    },
    kindOf: (task: string) => {
      const { tasks } = loop.state();
      const index = plan.indexOf.get(task as TaskId)!;
      return tasks.chunks[Math.floor(index / 64)]![index % 64]!.state.kind;
    },
  };
}

/** All that follows without a port has followed. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
