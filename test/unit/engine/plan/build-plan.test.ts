import { describe, expect, it } from 'vitest';
import type { TaskId } from '../../../../src/engine/model/ids.ts';
import type { Plan, Selection } from '../../../../src/engine/model/pipeline/plan.ts';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';
import { buildPlan } from '../../../../src/engine/plan/build-plan.ts';
import { criticalPath } from '../../../../src/engine/plan/critical-path.ts';
import { executionWaves } from '../../../../src/engine/plan/execution-waves.ts';
import { readPipeline } from '../../../../src/engine/spec/read-pipeline.ts';

type Graph = { readonly [task: string]: readonly string[] };

/** A pipeline of tasks with their dependencies; `rest` is added to the file as it is. */
function fileOf(graph: Graph, rest = ''): string {
  const tasks = Object.entries(graph).map(
    ([name, names]) => `  ${name}: { command: [x], dependencies: [${names.join(', ')}] }\n`,
  );
  return `tasks:\n${tasks.join('')}${rest}`;
}

function planOf(text: string, selection: Selection = {}, durations: Readonly<Record<string, number>> = {}): Plan {
  const { plan, diagnostics } = planPipeline(text, 'f.yaml', selection, durationsOf(durations));
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return plan!;
}

function durationsOf(durations: Readonly<Record<string, number>>): ReadonlyMap<TaskId, number> {
  return new Map(Object.entries(durations)) as ReadonlyMap<string, number> as ReadonlyMap<TaskId, number>;
}

function names(plan: Plan, indices: Iterable<number>): string {
  return Array.from(indices, (index) => plan.tasks[index]!.spec.id).join(' ');
}

const diamond: Graph = { load: [], left: ['load'], right: ['load'], report: ['left', 'right'] };

describe('a plan', () => {
  it('starts the tasks on the longest path to the end first', () => {
    const graph = { a: [], b: [], c: ['b'], d: ['c'] };
    expect(names(planOf(fileOf(graph)), planOf(fileOf(graph)).byRank)).toBe('b c a d');
    const plan = planOf(fileOf(graph), {}, { a: 100, b: 1, c: 1, d: 1 });
    expect(names(plan, plan.byRank)).toBe('a b c d');
  });

  it('uses the median of the known durations for an unknown one', () => {
    const plan = planOf(fileOf({ a: [], b: [], c: [], d: [] }), {}, { a: 10, b: 30, d: 21 });
    expect(names(plan, plan.byRank)).toBe('b c d a');
  });

  it('uses the mean of the middle two as the median of an even number', () => {
    const plan = planOf(fileOf({ a: [], b: ['a'], c: ['b'] }));
    expect(criticalPath(plan, durationsOf({ a: 10, b: 30 })).totalMs).toBe(60);
  });

  it('may have ten thousand tasks with three dependencies each', () => {
    const width = 10;
    const upstreamOf = (at: number) =>
      [0, 1, 2].map((other) => `t${at - width - (at % width) + ((at + other) % width)}`);
    const graph = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, at) => [`t${at}`, at < width ? [] : upstreamOf(at)]),
    );
    const plan = planOf(fileOf(graph));
    expect(executionWaves(plan).map((wave) => wave.length)).toEqual(Array.from({ length: 1_000 }, () => width));
    expect(criticalPath(plan, new Map()).tasks).toHaveLength(1_000);
  });

  it('ignores impossible durations', () => {
    const plan = planOf(fileOf({ a: [], b: [] }), {}, { a: Number.NaN, b: -5 });
    expect(criticalPath(plan, durationsOf({ a: Number.NaN, b: -5 })).totalMs).toBe(1);
  });

  it('warns that the tasks of levels that no level depends on do not run', () => {
    const text = fileOf({ ...diamond, extra: ['load'] }, 'pipelines: { l: [report] }\n');
    const { plan, diagnostics } = planPipeline(text, 'f.yaml');
    expect(names(plan!, plan!.order)).toBe('load left right report');
    expect(diagnostics).toMatchObject([
      {
        code: 'plan/unused-task',
        severity: 'warning',
        at: { line: 6, col: 3 },
        hint: expect.stringContaining('--only extra'),
      },
    ]);
  });

  it('can be built from a pipeline without source positions', () => {
    const { partial } = readPipeline(fileOf({ a: ['b'], b: ['a'] }), 'f.yaml');
    expect(buildPlan(partial!.spec).diagnostics).toMatchObject([{ code: 'plan/cycle', at: { line: 2, col: 3 } }]);
  });
});

describe('a selection', () => {
  it.each<[string, Selection, string]>([
    ['--only one', { only: ['left'] }, 'left'],
    ['--only a level', { only: ['ends'] }, 'right report'],
    ['--from', { from: ['left'] }, 'left report'],
    ['--until', { until: ['left'] }, 'load left'],
    ['--from and --until', { from: ['load'], until: ['left', 'right'] }, 'load left right'],
    ['--only and --until', { only: ['load', 'report'], until: ['left'] }, 'load'],
    ['all', {}, 'load left right report'],
  ])('has the expected tasks: %s', (_, selection, left) => {
    const plan = planOf(fileOf(diamond, 'pipelines: { begin: [load, left], ends: [right, report] }\n'), selection);
    expect(names(plan, plan.order)).toBe(left);
  });

  it('keeps the order between tasks when the tasks between them are left out', () => {
    const plan = planOf(fileOf(diamond), { only: ['load', 'report'] });
    expect(names(plan, plan.tasks[plan.indexOf.get('report' as TaskId)!]!.upstream)).toBe('load');
  });

  it('skips tasks, and what follows waits for what they would have waited for', () => {
    const plan = planOf(fileOf(diamond), { skip: ['left', 'right'] });
    expect(plan.tasks.filter(({ skip }) => skip).map(({ spec }) => spec.id)).toEqual(['left', 'right']);
    const report = plan.tasks[plan.indexOf.get('report' as TaskId)!]!;
    expect(names(plan, report.upstream.toSorted())).toBe('load left right');
    expect(executionWaves(plan).map((wave) => names(plan, wave))).toEqual(['load', 'report']);
  });

  it('of an unknown name is an error with a suggestion', () => {
    const selection = { only: ['lod'], from: ['ends'], until: ['rihgt'], skip: ['zzz'] };
    expect(planPipeline(fileOf(diamond), 'f.yaml', selection).diagnostics).toMatchObject([
      {
        code: 'plan/unknown-task',
        message: '--only names a task "lod", which does not exist',
        hint: 'did you mean "load"?',
      },
      { message: '--from names a task "ends", which does not exist', hint: 'etl-tui plan lists the tasks' },
      { message: '--until names a task "rihgt", which does not exist', hint: 'did you mean "right"?' },
      { message: '--skip names a task "zzz", which does not exist' },
    ]);
  });

  it('without a task is an error', () => {
    const { diagnostics } = planPipeline(fileOf(diamond), 'f.yaml', { from: ['right'], until: ['left'] });
    expect(diagnostics).toMatchObject([{ code: 'plan/no-tasks', message: 'there is no task to run' }]);
  });
});

describe('checks in a plan', () => {
  const checked = (line: string) => fileOf(diamond, `checks:\n  - { name: c, sql: s, ${line} }\n`);

  it('wait for the tasks they name, or for the end', () => {
    expect(planOf(checked('after: [left, load]')).checks).toMatchObject([{ after: [0, 1], atEnd: false, gates: [] }]);
    expect(planOf(checked('on_fail: warn')).checks).toMatchObject([{ after: [], atEnd: true, gates: [] }]);
  });

  it('that are gates hold back everything downstream of the tasks they wait for', () => {
    const plan = planOf(checked('after: [load], gate: true'));
    expect(names(plan, plan.checks[0]!.gates)).toBe('left right report');
  });

  it('hold back no task that they wait for themselves', () => {
    const plan = planOf(checked('after: [load, left], gate: true'));
    expect(names(plan, plan.checks[0]!.gates)).toBe('right report');
  });

  it('of tasks that are not selected run at the start as gates, and otherwise at the end', () => {
    const gate = planOf(checked('after: [load], gate: true'), { from: ['left'] });
    expect(gate.checks).toMatchObject([{ after: [], atEnd: false, gates: [0, 1] }]);
    expect(planOf(checked('after: [load]'), { from: ['left'] }).checks).toMatchObject([{ after: [], atEnd: true }]);
  });

  it('that name what they hold back hold back nothing else', () => {
    const plan = planOf(checked('after: [load], gate: [report]'));
    expect(plan.checks).toMatchObject([{ after: [plan.indexOf.get('load' as TaskId)], atEnd: false }]);
    expect(names(plan, plan.checks[0]!.gates)).toBe('report');
  });

  it('before a task run at the start of the run, and after tasks between the two', () => {
    const first = planOf(checked('before: [left]'));
    expect(first.checks).toMatchObject([{ after: [], atEnd: false }]);
    expect(names(first, first.checks[0]!.gates)).toBe('left');
    const between = planOf(checked('after: [left], before: [report], gate: true'));
    expect(names(between, between.checks[0]!.gates)).toBe('report');
    expect(names(between, between.checks[0]!.after)).toBe('left');
  });

  it('before a task that does not run are left out', () => {
    expect(planOf(checked('before: [left]'), { only: ['right'] }).checks).toEqual([]);
    expect(planOf(checked('before: [left]'), { skip: ['left'] }).checks).toEqual([]);
    expect(planOf(checked('before: [left, right]'), { only: ['right'] }).checks).toMatchObject([{ atEnd: false }]);
    expect(planOf(checked('before: [left], after: [load]'), { only: ['load'] }).checks).toMatchObject([{ after: [0] }]);
  });

  it('order tasks: those behind a gate come after all that the gate waits for', () => {
    const text = fileOf({ a: [], b: [], c: ['a'] }, 'checks: [{ name: g, sql: s, after: [a, b], gate: true }]\n');
    const plan = planOf(text);
    const durations = durationsOf({ a: 1, b: 10, c: 2 });
    expect(executionWaves(plan).map((wave) => names(plan, wave))).toEqual(['a b', 'c']);
    expect(criticalPath(plan, durations)).toEqual({ tasks: [1, 2], totalMs: 12 });
    expect(names(plan, plan.byRank)).toBe('a b c');
  });
});

describe('the hash of a plan', () => {
  const text = `name: n
limits: { max_parallel: 2 }
params: { p: { default: x } }
env: { A: x }
tasks:
  a: { command: [x], description: first }
  b: { command: [y], dependencies: [a], env: { B: "1" } }
checks: [{ name: c, sql: s, after: [a] }]
`;
  const hash = planOf(text).hash;

  it('is sixteen hexadecimal digits, and the same for the same plan', () => {
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(planOf(text).hash).toBe(hash);
  });

  it.each([
    ['the name', 'name: n', 'name: other'],
    ['a description', 'description: first', 'description: 1st'],
    ['the limits', 'max_parallel: 2', 'max_parallel: 4'],
    ['the labels of the hosts it runs on', 'command: [y]', 'command: [y], labels: [r]'],
    ['the description of a check', 'sql: s', 'sql: s, description: d'],
    ['a comment', 'tasks:', 'tasks: # all'],
  ])('does not change with %s', (_, from, to) => {
    expect(planOf(text.replace(from, to)).hash).toBe(hash);
  });

  it.each([
    ['a command', '[y]', '[z]'],
    ['the same command in a shell', '[y]', '"y"'],
    ['a dependency', 'dependencies: [a]', 'dependencies: []'],
    ['a variable of a task', '"1"', '"2"'],
    ['a variable of all', 'A: x', 'A: y'],
    ['a parameter', 'default: x', 'default: y'],
    ['a timeout', 'command: [y]', 'command: [y], timeout: 5'],
    ['a check', 'sql: s', 'sql: t'],
    ['what a check holds back', 'after: [a]', 'after: [a], before: [b]'],
  ])('changes with %s', (_, from, to) => {
    expect(planOf(text.replace(from, to)).hash).not.toBe(hash);
  });

  it('changes with the selection and the skipped tasks', () => {
    expect(planOf(text, { only: ['a'] }).hash).not.toBe(hash);
    expect(planOf(text, { skip: ['b'] }).hash).not.toBe(hash);
  });
});

describe('a name in secrets', () => {
  const warningsOf = (secrets: string) =>
    planPipeline(
      `params: { api_token: {} }\nenv: { FEED: x }\nsecrets: [${secrets}]\ntasks: { a: { command: [x] } }`,
      'f.yaml',
    ).diagnostics.map(({ code, severity, message, hint }) => `${severity} ${code} ${message}; ${hint}`);

  it('that is nearly a parameter or variable of the file is a warning', () => {
    expect(warningsOf('api_tokn')).toEqual([
      'warning plan/unknown-secret "secrets" names "api_tokn", which is not a parameter or variable of the file; did you mean "api_token"? Variables of the environment are allowed too',
    ]);
  });

  it('may be a parameter, a variable of the file, or one of the environment', () => {
    expect(warningsOf('api_token, FEED, WAREHOUSE_LICENCE')).toEqual([]);
  });
});
