import { describe, expect, test } from 'vitest';
import type { TaskId } from '../../../../src/engine/model/ids.ts';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';
import { criticalPath } from '../../../../src/engine/plan/critical-path.ts';
import { executionWaves } from '../../../../src/engine/plan/execution-waves.ts';
import { sketchPlan } from '../../../support/pipeline-builder.ts';

const setup = (teardown: string) => ({ setup: { teardown: teardown as TaskId } });
const always = { runWhen: 'always' } as const;

const sketch = {
  tasks: {
    cleanup: always,
    start: setup('stop'),
    stop: {},
    extract: {},
    load: { after: ['start', 'extract'] },
    mart: { after: ['load'] },
    alarm: { runWhen: 'on-failure' } as const,
  },
};

const names = (plan: ReturnType<typeof sketchPlan>, indices: Iterable<number>) =>
  [...indices].map((index) => plan.tasks[index]!.spec.id);

describe('what runs at the end', () => {
  test('comes last in the order and in the waves, and has no edges of its own', () => {
    const plan = sketchPlan(sketch);
    expect(names(plan, plan.order)).toEqual(['start', 'extract', 'load', 'mart', 'stop', 'cleanup', 'alarm']);
    expect(executionWaves(plan).map((wave) => names(plan, wave))).toEqual([
      ['start', 'extract'],
      ['load'],
      ['mart'],
      ['stop', 'cleanup', 'alarm'],
    ]);
    expect(names(plan, plan.ends)).toEqual(['cleanup', 'stop', 'alarm']);
    for (const { end, upstream, downstream } of plan.tasks) {
      if (end !== undefined) expect([...upstream, ...downstream]).toEqual([]);
    }
    const { end } = plan.tasks[plan.indexOf.get('stop' as TaskId)!]!;
    expect([end?.when, names(plan, end!.after), end?.setup]).toEqual(['teardown', ['start', 'load', 'mart'], 1]);
  });

  test('is on the critical path, but for what runs after a failure only', () => {
    const plan = sketchPlan(sketch);
    const ms = new Map(Object.entries({ cleanup: 5, stop: 2, load: 3, alarm: 900 })) as Map<TaskId, number>;
    expect(names(plan, criticalPath(plan, ms).tasks)).toEqual(['start', 'load', 'mart', 'cleanup']);
  });

  test('comes with a part of the pipeline when that runs to the end, and setups in any case', () => {
    const chosen = (selection: Parameters<typeof sketchPlan>[1]) =>
      sketchPlan(sketch, selection)
        .tasks.map(({ spec }) => spec.id)
        .toSorted();
    expect(chosen({ only: ['mart'] })).toEqual(['mart', 'start', 'stop']);
    expect(chosen({ only: ['extract'] })).toEqual(['extract']);
    expect(chosen({ only: ['start'] })).toEqual(['start', 'stop']);
    expect(chosen({ only: ['stop'] })).toEqual(['stop']);
    expect(chosen({ from: ['mart'] })).toEqual(['alarm', 'cleanup', 'mart', 'start', 'stop']);
    expect(chosen({ until: ['load'] })).toEqual(['extract', 'load', 'start', 'stop']);
  });

  test('waits for the setup that stands far upstream of the part that runs', () => {
    const plan = sketchPlan(sketch, { only: ['mart'] });
    const { end } = plan.tasks[plan.indexOf.get('stop' as TaskId)!]!;
    expect(names(plan, end!.after)).toEqual(['start', 'mart']);
    expect(names(plan, plan.tasks[plan.indexOf.get('mart' as TaskId)!]!.upstream)).toEqual(['start']);
  });

  test('needs no level', () => {
    const plan = sketchPlan({ ...sketch, levels: { first: ['extract', 'load', 'mart'] } });
    expect(plan.tasks).toHaveLength(7);
  });

  test('is part of what the plan is known by, and changes nothing for a plan without', () => {
    const hashOf = (tasks: Parameters<typeof sketchPlan>[0]['tasks']) => sketchPlan({ tasks }).hash;
    expect(hashOf({ a: {}, b: always })).not.toBe(hashOf({ a: {}, b: { runWhen: 'on-failure' } }));
    expect(hashOf({ a: {}, b: always, c: always })).not.toBe(
      hashOf({ a: {}, b: always, c: { ...always, after: ['b'] } }),
    );
    expect(hashOf({ a: {}, b: {} })).not.toBe(hashOf({ a: { continueOnFailure: true }, b: {} }));
  });
});

describe('mistakes about the end', () => {
  const mistakes = (text: string) =>
    planPipeline(`version: 1\n${text}`, 'p.yaml').diagnostics.map(
      ({ code, message, at }) => `${at?.line}:${at?.col} ${code} ${message}`,
    );

  test('a task cannot wait for one at the end, by itself, through its level or by its turn', () => {
    const text = `tasks:
  cleanup: { command: "true", run_when: always }
  b: { command: "true", dependencies: [cleanup] }
pipelines:
  first: { dependencies: [cleanup], tasks: [b] }
  then_sequential: [{ name: c, command: "true" }, cleanup, { name: d, command: "true" }]
`;
    expect(mistakes(text)).toEqual([
      '4:40 plan/bad-end task "b" waits for "cleanup", which runs at the end',
      '7:68 plan/bad-end task "d" comes after "cleanup" in the sequential level "then_sequential", and "cleanup" runs at the end',
    ]);
    expect(mistakes(text.replace('dependencies: [cleanup] }\npipelines', 'env: { A: b } }\npipelines'))[0]).toBe(
      '6:27 plan/bad-end level "first" waits for "cleanup", which runs at the end',
    );
  });

  test('a setup has one teardown of its own that exists and runs when the setup says', () => {
    const text = `tasks:
  a: { command: "true", setup: { teardown: stpo } }
  b: { command: "true", setup: { teardown: b } }
  c: { command: "true", setup: { teardown: stop } }
  d: { command: "true", setup: { teardown: stop } }
  e: { command: "true", setup: { teardown: off } }
  f: { command: "true", setup: { teardown: out }, run_when: always }
  stop: { command: "true" }
  off: { command: "true", run_when: always }
  out: { command: "true" }
`;
    expect(mistakes(text)).toEqual([
      '3:44 plan/unknown-task task "a" names a teardown "stpo", which does not exist',
      '4:44 plan/bad-end task "b" is its own teardown',
      '6:44 plan/bad-end "stop" is the teardown of "c" and of "d"',
      '8:44 plan/bad-end task "f" is a setup, so it cannot run at the end',
      '10:37 plan/bad-end "off" is the teardown of "e", so it cannot have "run_when"',
    ]);
  });

  test('a teardown waits for what needs its setup, and for nothing beside that', () => {
    const text = `tasks:
  fetch: { command: "true" }
  start: { command: "true", dependencies: [fetch], setup: { teardown: stop } }
  load: { command: "true", dependencies: [start] }
  other: { command: "true" }
  stop: { command: "true", dependencies: [start, load, fetch, cleanup, other] }
  cleanup: { command: "true", run_when: always, dependencies: [other] }
pipelines:
  all: { tasks: [load, fetch, other] }
`;
    const beside = 'teardown "stop" would not wait for "other", which does not need what "start" sets up';
    expect(mistakes(text)).toEqual([`7:72 plan/bad-end ${beside}`]);
    expect(mistakes(text.replace('cleanup, other]', 'cleanup]'))).toEqual([]);
    expect(
      mistakes(
        text
          .replace('cleanup, other]', 'cleanup]')
          .replace(/ {2}all:.*/, '  all: { dependencies: [other], tasks: [stop] }'),
      ),
    ).toEqual([`10:25 plan/bad-end ${beside}`]);
  });

  test('no earlier load stands in for a setup', () => {
    expect(
      mistakes(`tasks:
  start: { command: "true", use_last_good: true, setup: { teardown: stop } }
  stop: { command: "true" }
`),
    ).toEqual([
      '3:44 spec/bad-value "use_last_good" does not work for a setup: its teardown removes the earlier result',
    ]);
  });

  test('no check holds back what runs at the end, or others until after it', () => {
    const text = `tasks:
  a: { command: "true" }
  cleanup: { command: "true", run_when: always }
checks:
  - { name: one, command: "true", before: [cleanup] }
  - { name: two, command: "true", after: [cleanup], before: [a] }
`;
    expect(mistakes(text)).toEqual([
      '6:44 plan/bad-end check "one" cannot come before "cleanup", which always runs at the end',
      '7:43 plan/bad-end check "two" is a gate, but waits for "cleanup", which runs at the end',
    ]);
  });

  test('what stops the run at a failure cannot go on after it', () => {
    const text = `tasks:
  a: { command: "true", critical: true, continue_on_failure: true }
  b: { command: "true", critical: true, run_when: on_failure }
`;
    expect(mistakes(text)).toEqual([
      '3:62 spec/bad-value "critical" ends the run when the task fails, but "continue_on_failure" continues',
      '4:51 spec/bad-value "critical" ends the run when the task fails, but "run_when" continues',
    ]);
  });

  test('a level that is critical does not make them so', () => {
    const { plan } = planPipeline(
      'version: 1\npipelines:\n  all: { critical: true, tasks: [{ name: a, command: "true" }, { name: b, command: "true", run_when: always }] }\n',
      'p.yaml',
    );
    expect(plan?.tasks.map(({ spec }) => spec.critical)).toEqual([true, false]);
  });
});
