import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TaskId } from '../../../../src/engine/model/ids.ts';
import type { SeenHost } from '../../../../src/engine/model/run/host-state.ts';
import type { Exit } from '../../../../src/engine/model/run/task-state.ts';
import { type FakeRun, fakeRun, resumedRun } from '../../../support/fake-run.ts';
import { hostLoad, seenHost } from '../../../support/hosts.ts';
import { gigabyte } from '../../../support/take-sample.ts';
import { checkCounts } from './rules/state-rules.ts';

const labels = ['r', 'big'];
const lost: Exit = { kind: 'lost', why: 'lease-expired', message: 'its lease is over' };

const arbitraryTask = fc.record({
  labels: fc.subarray(labels),
  cpu: fc.constantFrom(undefined, 0.05, 1, 4),
  memoryBytes: fc.constantFrom(undefined, gigabyte, 10 * gigabyte, 100 * gigabyte),
});
const arbitraryHost = fc.record({
  labels: fc.subarray(labels),
  slots: fc.integer({ min: 1, max: 3 }),
  accepting: fc.nat(4).map((draw) => draw > 0),
  load: fc.constantFrom(undefined, hostLoad(), hostLoad({ usedCores: 4, freeMemoryBytes: 3 * gigabyte })),
});
/** What happens next: other hosts are there, or one of the running tasks ends. */
const arbitraryStep = fc.oneof(
  fc.record({ hosts: fc.array(fc.option(arbitraryHost, { nil: undefined }), { maxLength: 4 }) }),
  fc.record({ place: fc.nat(7), exit: fc.constantFrom<Exit | number>(0, 0, 1, lost) }),
);

test('for any hosts and ends, tasks run where their labels, a slot and their memory are, the journal gives the state, and the run ends', () => {
  fc.assert(
    fc.property(
      fc.array(arbitraryTask, { minLength: 1, maxLength: 8 }),
      fc.array(arbitraryStep, { maxLength: 25 }),
      fc.nat(25),
      (tasks, steps, resumeAt) => {
        const sketches = Object.fromEntries(
          tasks.map(({ labels: asked, cpu, memoryBytes }, index) => [
            `t${index}`,
            {
              labels: asked,
              ...(cpu === undefined ? {} : { cpu }),
              ...(memoryBytes === undefined ? {} : { memoryBytes }),
            },
          ]),
        );
        let run: FakeRun = fakeRun({ tasks: sketches }, { elsewhere: true, auto: true, maxParallel: 1_000 });
        steps.forEach((step, at) => {
          if (at === resumeAt) run = resumedRun(run, { runsElsewhere: true });
          const before = run.events.length;
          takeStep(run, step);
          judge(run, before);
        });
        const before = run.events.length;
        run.hosts(seenHost('last', { labels, slots: 8 }));
        judge(run, before);
        for (let turn = 0; turn < 100 && run.status() === undefined; turn += 1) {
          for (const task of run.tasksThat('backing-off')) run.fire('retry', task);
          for (const task of run.running()) run.exit(task);
          judge(run, run.events.length);
        }
        expect(run.status()).toBeDefined();
      },
    ),
    { numRuns: 200 },
  );
});

function takeStep(run: FakeRun, step: typeof arbitraryStep extends fc.Arbitrary<infer Step> ? Step : never): void {
  if ('hosts' in step) {
    const there = step.hosts.flatMap((host, place): SeenHost[] => {
      if (host === undefined) return [];
      const { load, ...sketch } = host;
      return [seenHost(`h${place}`, load === undefined ? sketch : { ...sketch, load })];
    });
    run.hosts(...there);
    return;
  }
  const task = run.running()[step.place];
  if (task !== undefined) run.exit(task, step.exit);
}

/** Every start since the last look is judged by the hosts as they are now; none of them has changed since the start. */
function judge(run: FakeRun, since = 0): void {
  const state = run.state();
  checkCounts(state);
  expect(run.replayed()).toEqual(state);
  const specOf = (task: string) => state.plan.tasks[state.plan.indexOf.get(task as TaskId)!]!.spec;
  for (const event of run.events.slice(since)) {
    if (event.type !== 'task.started' || run.hostOf(event.task) === undefined) continue;
    const host = state.hosts!.find(({ id }) => id === event.host)!;
    const here = run.running().filter((task) => run.hostOf(task) === host.id);
    expect(host.accepting).toBe(true);
    expect(here.length).toBeLessThanOrEqual(host.slots);
    expect(specOf(event.task).labels!.every((label) => host.labels.includes(label))).toBe(true);
    const needed = here.reduce((sum, task) => sum + (specOf(task).memoryBytes ?? 0), 0);
    expect(here.length === 1 || needed <= (host.room?.memoryBytes ?? needed)).toBe(true);
  }
  // Whatever is ready says what it waits for.
  expect(run.tasksThat('ready').filter((task) => run.why(task) === undefined)).toEqual([]);
}
