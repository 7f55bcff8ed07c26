import { describe, expect, test } from 'vitest';
import { failed, ok } from '../../../../src/engine/model/result.ts';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';
import type { ReadIncluded } from '../../../../src/engine/spec/include/included-file.ts';
import { formatDiagnostic } from './diagnostics-of.ts';

type Files = Readonly<Record<string, string>>;

/** Plans `main.yaml` with the files beside it. */
function plan(main: string, files: Files = {}) {
  const all: Files = { 'main.yaml': main, ...files };
  const read: ReadIncluded = (path, from) => {
    const file = new URL(path, `file:///${from}`).pathname.slice(1);
    const text = all[file];
    return text === undefined ? failed('there is no such file') : ok({ file, text });
  };
  return planPipeline(main, 'main.yaml', {}, undefined, read);
}

function mistakesOf(main: string, files: Files = {}): readonly string[] {
  return plan(main, files).diagnostics.map(formatDiagnostic);
}

const base = 'version: 1\n';

describe('a file that includes others', () => {
  test('has their tasks, pools, parameters, variables, secrets and checks behind its own', () => {
    const {
      plan: planned,
      included,
      diagnostics,
    } = plan(
      `${base}include: [shared/a.yaml, b.yaml]
params: { day: { default: x } }
env: { A: 1 }
secrets: [LICENCE]
tasks: { mart: { command: [x], dependencies: [load, other], pools: [api] } }
`,
      {
        'shared/a.yaml':
          'include: c.yaml\nparams: { size: { default: "1" } }\nenv: { B: "${param:day}" }\npools: { api: 1 }\ntasks: { load: { command: [y] } }\n',
        'shared/c.yaml':
          'secrets: [PIN]\nchecks: [{ name: ok, command: "true", after: [mart] }]\ntasks: { deep: { command: [z] } }',
        'b.yaml': 'tasks:\n  other: { command: [w], env: { C: "${param:size}" } }\n',
      },
    );
    expect(diagnostics).toEqual([]);
    const { pipeline } = planned!;
    expect(pipeline.tasks.map(({ id, at }) => `${id} ${at.file}:${at.line}:${at.col}`)).toEqual([
      'mart main.yaml:6:10',
      'load shared/a.yaml:5:10',
      'deep shared/c.yaml:3:10',
      'other b.yaml:2:3',
    ]);
    expect(pipeline).toMatchObject({
      name: 'main',
      file: 'main.yaml',
      env: { A: '1', B: '${param:day}' },
      secrets: ['LICENCE', 'PIN'],
    });
    expect(pipeline.params.map(({ name }) => name)).toEqual(['day', 'size']);
    expect([...pipeline.pools]).toEqual([['api', 1]]);
    expect(pipeline.checks.map(({ name }) => name)).toEqual(['ok']);
    expect(included.map(({ file }) => file)).toEqual(['shared/a.yaml', 'shared/c.yaml', 'b.yaml']);
  });

  test('has the plan of one file in which all of it stands', () => {
    const tasks = { a: 'a: { command: [x] }', b: 'b: { command: [y], dependencies: [a] }' };
    const whole = plan(`${base}tasks:\n  ${tasks.a}\n  ${tasks.b}\n`);
    const parts = plan(`${base}include: b.yaml\ntasks:\n  ${tasks.a}\n`, { 'b.yaml': `tasks:\n  ${tasks.b}\n` });
    expect(parts.plan?.hash).toBe(whole.plan?.hash);
    const changed = plan(`${base}include: b.yaml\ntasks:\n  ${tasks.a}\n`, {
      'b.yaml': `tasks:\n  ${tasks.b.replace('y', 'z')}\n`,
    });
    expect(changed.plan?.hash).not.toBe(whole.plan?.hash);
  });

  test('reads a file once that two others include', () => {
    const { plan: planned, diagnostics } = plan(`${base}include: [a.yaml, b.yaml]\n`, {
      'a.yaml': 'include: c.yaml',
      'b.yaml': 'include: c.yaml',
      'c.yaml': 'tasks: { t: { command: [x] } }',
    });
    expect(diagnostics).toEqual([]);
    expect(planned?.tasks).toHaveLength(1);
  });

  test('gives its levels, defaults and shell to the tasks of all', () => {
    const { plan: planned } = plan(
      `${base}include: a.yaml\nshell: sh\ndefaults: { timeout: 5s }\npipelines: { l_sequential: [a, b] }\n`,
      { 'a.yaml': 'tasks: { a: { command: x }, b: { command: y } }' },
    );
    expect(planned?.tasks.map(({ spec }) => [spec.timeoutMs, spec.level, spec.dependencies])).toEqual([
      [5_000, 'l_sequential', []],
      [5_000, 'l_sequential', ['a']],
    ]);
    expect(planned?.tasks[0]?.spec.command).toEqual({ kind: 'shell', script: 'x', shell: ['sh', '-e', '-c'] });
  });
});

describe('mistakes', () => {
  test('are told at their places in the files, in the order of the files', () => {
    expect(
      mistakesOf(`${base}include: [a.yaml, gone.yaml]\ntasks: { t: { command: [x], dependencies: [u] } }\n`, {
        'a.yaml': '\ntasks:\n  u: { comand: [x] }\n  v: { command: [x], pools: [api] }\nlimits: { cpu: 1 }\n',
      }),
    ).toEqual([
      'spec/bad-include 2:19 "gone.yaml" cannot be included: there is no such file',
      'spec/unknown-key 3:8 a task has no key "comand"',
      'spec/unknown-key 5:1 an included file has no key "limits"',
    ]);
  });

  test('of YAML in an included file are told there, and hide no name of it', () => {
    expect(
      mistakesOf(`${base}include: a.yaml\ntasks: { t: { command: [x], dependencies: [u] } }\n`, {
        'a.yaml': 'tasks:\n  u: { command: [x\n',
      }),
    ).toEqual([expect.stringMatching(/^spec\/yaml-syntax 2:/)]);
  });

  test('a name that two files define is told with both places', () => {
    const files = {
      'a.yaml':
        'tasks: { t: { command: [y] } }\nenv: { A: 2 }\nparams: { p: {} }\npools: { q: 2 }\nchecks: [{ name: c, command: "true" }]',
    };
    const { diagnostics } = plan(
      `${base}include: a.yaml\ntasks: { t: { command: [x] } }\nenv: { A: 1 }\nparams: { p: {} }\npools: { q: 1 }\nchecks: [{ name: c, command: "true" }]\n`,
      files,
    );
    expect(diagnostics.map(formatDiagnostic).toSorted()).toEqual([
      'plan/duplicate-task 1:10 task "t" is defined twice',
      'spec/bad-value 5:18 check "c" is defined twice',
      'spec/duplicate-key 2:8 variable "A" is defined twice',
      'spec/duplicate-key 3:11 parameter "p" is defined twice',
      'spec/duplicate-key 4:10 pool "q" is defined twice',
    ]);
    expect(diagnostics.map(({ at, related }) => [at?.file, related?.[0]?.at.file])).toEqual(
      Array(5).fill(['a.yaml', 'main.yaml']),
    );
  });

  test('a task of the registry of one file and of a level of another is told with both places', () => {
    const [mistake] = plan(`${base}include: a.yaml\npipelines: { l: [{ name: t, command: [x] }] }\n`, {
      'a.yaml': 'tasks: { t: { command: [y] } }',
    }).diagnostics;
    expect(mistake).toMatchObject({
      code: 'plan/duplicate-task',
      at: { file: 'main.yaml', line: 3 },
      related: [{ at: { file: 'a.yaml', line: 1, col: 10 } }],
    });
  });

  test('a file that includes itself is told with the way', () => {
    const { diagnostics } = plan(`${base}include: a/b.yaml\ntasks: { t: { command: [x] } }\n`, {
      'a/b.yaml': 'include: [../c.yaml]',
      'c.yaml': 'include: main.yaml',
    });
    expect(diagnostics).toMatchObject([
      {
        code: 'spec/bad-include',
        message: '"main.yaml" includes itself: main.yaml → a/b.yaml → c.yaml → main.yaml',
        at: { file: 'c.yaml', line: 1, col: 10 },
        related: [
          { message: '"a/b.yaml" is included here', at: { file: 'main.yaml', line: 2 } },
          { message: '"c.yaml" is included here', at: { file: 'a/b.yaml', line: 1 } },
        ],
      },
    ]);
    const round = plan(`${base}include: b.yaml\ntasks: { t: { command: [x] } }\n`, {
      'b.yaml': 'include: c.yaml',
      'c.yaml': 'include: b.yaml',
    });
    expect(round.diagnostics.map(({ message }) => message)).toEqual([
      '"b.yaml" includes itself: b.yaml → c.yaml → b.yaml',
    ]);
  });

  test('where a file cannot be read, no name is called unknown that may stand in it', () => {
    expect(
      mistakesOf(
        `${base}include: gone.yaml\nenv: { A: "\${param:p}" }\ntasks: { t: { command: [x], dependencies: [u], pools: [q] } }\n`,
      ),
    ).toEqual(['spec/bad-include 2:10 "gone.yaml" cannot be included: there is no such file']);
  });

  test('a list of a single file that is named twice, of numbers, and of nothing', () => {
    expect(mistakesOf(`${base}include: [a.yaml, a.yaml]\n`, { 'a.yaml': 'tasks: { t: { command: [x] } }' })).toEqual([
      'spec/bad-value 2:19 "include" names "a.yaml" twice',
    ]);
    expect(mistakesOf(`${base}include: 5\ntasks: { t: { command: [x] } }`)).toEqual([
      'spec/bad-type 2:10 "include" must be the path of a file, not 5',
    ]);
  });
});
