import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';
import { findMissingPrograms } from '../../../../src/engine/run/preflight/find-missing-programs.ts';

function missing(tasks: string, projectDir: string, env: Readonly<Record<string, string>>): readonly string[] {
  const text = `version: 1\nname: programs\nparams: { tools: { default: "${join(projectDir, 'tools')}" } }\ntasks:\n${tasks}`;
  const { plan, diagnostics } = planPipeline(text, 'pipeline.yaml');
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const params = new Map([['tools', join(projectDir, 'tools')]]);
  const where = { pipelinePath: join(projectDir, 'pipeline.yaml'), pipelineText: text, projectDir, logDir: projectDir };
  const request = { plan, ...where, env, params, sequential: false, runChecks: true };
  return findMissingPrograms(request, env).map(({ message }) => message);
}

function projectWithTools(): string {
  const directory = mkdtempSync(join(tmpdir(), 'programs-'));
  for (const name of ['tools', 'bin']) mkdirSync(join(directory, name));
  for (const path of ['tools/loader', 'bin/run.sh', 'bin/notes.txt'])
    writeFileSync(join(directory, path), '#!/bin/sh\n');
  for (const path of ['tools/loader', 'bin/run.sh']) chmodSync(join(directory, path), 0o755);
  return directory;
}

test('programs are looked for on the PATH of the task, and paths from the project', () => {
  const directory = projectWithTools();
  const tasks = `
  here: { command: [./bin/run.sh] }
  absolute: { command: ["${join(directory, 'bin/run.sh')}"] }
  own_path: { command: [loader], env: { PATH: "\${param:tools}" } }
  relative_path: { command: [loader], env: { PATH: "tools" } }
  script: { command: "no-such-program | also-not-there" }
  system: { command: [sh, -c, "true"] }
`;
  expect(missing(tasks, directory, { PATH: '/usr/bin:/bin' })).toEqual([]);
});

test('what is not there is named once, with the tasks that need it; a file that is no program counts as absent', () => {
  const directory = projectWithTools();
  const tasks = `
  a: { command: [loader] }
  b: { command: [loader, --all] }
  c: { command: [bin/notes.txt] }
`;
  expect(missing(tasks, directory, { PATH: '/usr/bin:/bin' })).toEqual([
    'command not found: loader; all attempts of a, b will fail',
    'command not found: bin/notes.txt; every attempt of c will fail',
  ]);
});

test('a path that a task before may make is not looked for', () => {
  const directory = projectWithTools();
  const tasks = `
  build: { command: "make" }
  use: { command: [./built/tool], dependencies: [build] }
`;
  expect(missing(tasks, directory, { PATH: '/usr/bin:/bin' })).toEqual([]);
});

test('programs of checks are looked for too', () => {
  const directory = projectWithTools();
  const checks = `  a: { command: [loader] }
checks:
  - { name: first, command: [no-such-program, -c], before: [a] }
  - { name: second, command: [no-such-program] }
  - { name: third, command: [loader] }
  - { name: made, command: [./made-by-a] }
  - { name: line, command: "no-such-program" }
`;
  expect(missing(checks, directory, { PATH: '/usr/bin:/bin' })).toEqual([
    'command not found: loader; every attempt of a will fail, and check third will have an error',
    'command not found: no-such-program; checks first, second will have an error',
  ]);
});
