import { describe, expect, it } from 'vitest';
import type { Plan, Selection } from '../../../../src/engine/model/pipeline/plan.ts';
import { ok } from '../../../../src/engine/model/result.ts';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';
import { buildPlan } from '../../../../src/engine/plan/build-plan.ts';
import { decodePipeline, encodePipeline } from '../../../../src/engine/storage/runs/stored-pipeline.ts';

type Params = Readonly<Record<string, string>>;

const planned = (text: string, params: Params = {}, selection: Selection = {}) =>
  planPipeline(text, 'f.yaml', selection, undefined, undefined, ({ params: declared }) =>
    ok(new Map(declared.flatMap(({ name, default: usual }) => [[name, params[name] ?? usual ?? '']]))),
  );

function planOf(text: string, params?: Params, selection?: Selection): Plan {
  const { plan, diagnostics } = planned(text, params, selection);
  expect(diagnostics).toEqual([]);
  return plan!;
}

const ids = ({ tasks }: Plan) => tasks.map(({ spec }) => spec.id);
const upstreamOf = (plan: Plan, id: string) =>
  plan.tasks[plan.indexOf.get(id as never)!]!.upstream.map((index) => plan.tasks[index]!.spec.id);
const mistakes = (text: string, params?: Params) =>
  planned(text, params).diagnostics.map(({ code, at, message }) => `${code} ${at?.line}:${at?.col} ${message}`);

const genome = `
tasks:
  trim: { command: [x], matrix: { sample: [a, b], unit: [1, 2] } }
  align: { command: [x], dependencies: [trim], matrix: { unit: [1, 2], sample: [a, b] } }
  report: { command: [x], dependencies: [align], matrix: { sample: [a, b] } }
  summary: { command: [x], dependencies: [report] }
`;

describe('a task with a matrix', () => {
  it('is run once for each combination of its values, in the order in which they are written', () => {
    expect(ids(planOf(genome)).slice(0, 4)).toEqual([
      'trim[sample=a,unit=1]',
      'trim[sample=a,unit=2]',
      'trim[sample=b,unit=1]',
      'trim[sample=b,unit=2]',
    ]);
  });

  it('waits for the instances with the same values of the keys that both have, and else for all', () => {
    const plan = planOf(genome);
    expect(upstreamOf(plan, 'align[unit=1,sample=b]')).toEqual(['trim[sample=b,unit=1]']);
    expect(upstreamOf(plan, 'report[sample=a]')).toEqual(['align[unit=1,sample=a]', 'align[unit=2,sample=a]']);
    expect(upstreamOf(plan, 'summary')).toEqual(['report[sample=a]', 'report[sample=b]']);
  });

  it('takes its values from a parameter, separated by commas', () => {
    const text =
      'params: { years: { default: "2023,2024" } }\ntasks: { load: { command: [x], matrix: { year: "${param:years}" } } }\n';
    expect(ids(planOf(text))).toEqual(['load[year=2023]', 'load[year=2024]']);
    expect(ids(planOf(text, { years: '1999' }))).toEqual(['load[year=1999]']);
    expect(ids(planPipeline(text, 'f.yaml').plan!)).toEqual(['load[year=*]']);
  });

  it('has names that are safe as file names, and never the same for two values', () => {
    const text = 'tasks: { t: { command: [x], matrix: { k: [a/b, "a%2Fb", "50%", "é ü", A_1.-+:@] } } }\n';
    expect(ids(planOf(text))).toEqual([
      't[k=a%2Fb]',
      't[k=a%252Fb]',
      't[k=50%]',
      't[k=%C3%A9%20%C3%BC]',
      't[k=A_1.-+:@]',
    ]);
  });

  it('may have the matrix of its level, and its own instead', () => {
    const plan = planOf(`
pipelines:
  l_sequential:
    matrix: { season: [1, 2] }
    tasks: [{ name: a, command: [x] }, { name: b, command: [x] }, { name: c, command: [x], matrix: { team: [k] } }]
`);
    expect(ids(plan)).toEqual(['a[season=1]', 'a[season=2]', 'b[season=1]', 'b[season=2]', 'c[team=k]']);
    expect(upstreamOf(plan, 'b[season=2]')).toEqual(['a[season=2]']);
    expect([...plan.levels.values()]).toEqual([[0, 1, 2, 3, 4]]);
  });

  it('has the values in its outputs', () => {
    const [task] = planOf('tasks: { t: { command: [x], outputs: ["d/${matrix:k}.csv"], matrix: { k: [a] } } }\n').tasks;
    expect(task!.spec.outputs).toEqual(['d/a.csv']);
  });

  it('is all its instances for checks, and for options', () => {
    const text = `${genome}checks: [{ name: c, sql: s, after: [trim], gate: [report] }]\n`;
    const plan = planOf(text);
    expect(plan.checks[0]!.after).toEqual([0, 1, 2, 3]);
    expect(plan.checks[0]!.gates).toHaveLength(2);
    expect(ids(planOf(genome, {}, { only: ['report'] }))).toEqual(['report[sample=a]', 'report[sample=b]']);
    expect(ids(planOf(genome, {}, { only: ['report[sample=b]'] }))).toEqual(['report[sample=b]']);
    expect(ids(planOf(genome, {}, { only: ['trim[sample=a,unit=*]'] }))).toEqual([
      'trim[sample=a,unit=1]',
      'trim[sample=a,unit=2]',
    ]);
    expect(ids(planOf(genome, {}, { until: ['report[sample=b]'] }))).toHaveLength(5);
    const wrong = planned(genome, {}, { only: ['report[sample=c]'] }).diagnostics;
    expect(wrong).toMatchObject([{ code: 'plan/unknown-task', hint: expect.stringContaining('report[sample=') }]);
  });

  it('takes turns when its order is sequential', () => {
    const plan = planOf('tasks: { t: { command: [x], matrix: { k: [c, a, b], order: sequential } } }\n');
    expect(plan.tasks.map(({ turn }) => turn)).toEqual([{ before: 1 }, { after: 0, before: 2 }, { after: 1 }]);
    expect(plan.tasks.map(({ upstream }) => upstream)).toEqual([[], [], []]);
    expect(plan.order).toEqual([0, 1, 2]);
  });

  it('changes the hash of the plan by its values and its limits', () => {
    const hash = (matrix: string) => planOf(`tasks: { t: { command: [x], matrix: { ${matrix} } } }\n`).hash;
    const all = ['k: [a, b]', 'k: [a, c]', 'k: [a, b], order: sequential', 'k: [a, b], max_failures: 1'].map(hash);
    expect(new Set(all).size).toBe(4);
  });

  it('is stored as it is written, with what it was filled with', () => {
    const text = 'params: { p: { default: "a,b" } }\ntasks: { t: { command: [x], matrix: { k: "${param:p}" } } }\n';
    const plan = planOf(text, { p: 'c,d' });
    const { pipeline, values } = decodePipeline(encodePipeline(plan))!;
    expect(pipeline.tasks.map(({ id }) => id)).toEqual(['t']);
    expect(ids(buildPlan(pipeline, {}, undefined, undefined, values).plan!)).toEqual(ids(plan));
  });

  it('may have 10,000 instances, which are planned in seconds', () => {
    const list = (length: number) => Array.from({ length }, (_, at) => at).join(', ');
    const text = `
tasks:
  a: { command: [x], matrix: { i: [${list(100)}], j: [${list(50)}] } }
  b: { command: [x], dependencies: [a], matrix: { j: [${list(50)}], i: [${list(100)}] } }
  c: { command: [x], dependencies: [b] }
`;
    const start = performance.now();
    const { tasks } = planOf(text);
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(tasks).toHaveLength(10_001);
  });
});

describe('a matrix that cannot be used', () => {
  it.each([
    [
      'no key',
      't: { command: [x], matrix: { order: sequential } }',
      'spec/bad-value 1:37 "matrix" has no key with values',
    ],
    ['an empty list', 't: { command: [x], matrix: { k: [] } }', 'spec/bad-value 1:42 "k" is empty'],
    ['a value twice', 't: { command: [x], matrix: { k: [a, 1, a] } }', 'spec/bad-value 1:49 "k" names "a" twice'],
    ['an empty value', 't: { command: [x], matrix: { k: [""] } }', 'spec/bad-value 1:43 each value is empty'],
    [
      'a key with capital letters',
      't: { command: [x], matrix: { K: [a] } }',
      'spec/bad-name 1:39 "K" is not a valid name',
    ],
    [
      'a single value',
      't: { command: [x], matrix: { k: a } }',
      'spec/bad-value 1:42 "k" must be a list of values, or "${param:NAME}", not "a"',
    ],
    [
      'a parameter that is not declared',
      't: { command: [x], matrix: { k: "${param:p}" } }',
      'plan/unknown-param 1:42 there is no parameter "p"',
    ],
    [
      'values that differ in case only',
      't: { command: [x], matrix: { k: [a, A] } }',
      'plan/bad-matrix 1:39 instances "t[k=a]" and "t[k=A]" differ in upper and lower case only',
    ],
    [
      'an output outside of the project',
      't: { command: [x], matrix: { k: [".."] }, outputs: ["${matrix:k}/x"] }',
      'plan/bad-matrix 1:10 the output "../x" of "t[k=..]" is not inside the project directory',
    ],
    [
      'an unknown key in an output',
      't: { command: [x], matrix: { k: [a] }, outputs: ["${matrix:kk}"] }',
      'plan/bad-matrix 1:58 task "t" has no key "kk" in its matrix, which ${matrix:kk} names',
    ],
    [
      'a key where there is no matrix',
      't: { command: [x], env: { X: "${matrix:k}" } }',
      'plan/bad-matrix 1:39 task "t" has no key "k" in its matrix, which ${matrix:k} names',
    ],
    [
      'an instance without a counterpart',
      'a: { command: [x], matrix: { k: [p] } }, b: { command: [x], matrix: { k: [p, q] }, dependencies: [a] }',
      'plan/no-counterpart 1:108 "b[k=q]" depends on "a", which has no instance with the same values',
    ],
  ])('is told with its place: %s', (_, tasks, mistake) => {
    expect(mistakes(`tasks: { ${tasks} }\n`)).toEqual([mistake]);
  });

  it('may have too many instances', () => {
    const values = Array.from({ length: 101 }, (_, at) => at).join(', ');
    expect(mistakes(`tasks: { t: { command: [x], matrix: { i: [${values}], j: [${values}] } } }\n`)).toEqual([
      'spec/too-large 1:39 task "t" would have 10,201 instances, but at most 10,000 are allowed',
    ]);
    const many = Array.from({ length: 1_001 }, (_, at) => at).join(', ');
    const text = `tasks:\n  a: { command: [x], matrix: { i: [${many}] } }\n  b: { command: [x], dependencies: [a], matrix: { j: [${many}] } }\n`;
    expect(mistakes(text)).toEqual([
      'spec/too-large 3:3 the instances of task "b" would have more than a million dependencies',
    ]);
  });

  it('may not be filled from a secret', () => {
    const text = 'params: { api_key: {} }\ntasks: { t: { command: [x], matrix: { k: "${param:api_key}" } } }\n';
    expect(mistakes(text, { api_key: 'hunter2' })).toEqual([
      'plan/bad-matrix 2:39 parameter "api_key" is secret, but the values of a matrix become part of task names, which are shown everywhere',
    ]);
  });

  it('may have a parameter without a value, or with one twice', () => {
    const text = 'params: { p: {} }\ntasks: { t: { command: [x], matrix: { k: "${param:p}" } } }\n';
    expect(mistakes(text, { p: '' })).toEqual(['plan/bad-matrix 2:39 key "k" of the matrix of task "t" has no value']);
    expect(mistakes(text, { p: 'a,b,a' })).toEqual([
      'plan/bad-matrix 2:39 the value "a" twice, in key "k" of the matrix of task "t"',
    ]);
  });
});

it('leaves the hash of a pipeline without a matrix as it was', () => {
  const text =
    'tasks: { a: { command: [x] }, b: { command: y, dependencies: [a], env: { X: z } } }\nparams: { p: { default: q } }\n';
  expect(planOf(text).hash).toBe('6e534c747db59ef8');
});
