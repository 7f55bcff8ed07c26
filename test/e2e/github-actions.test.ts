import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createProject, type Project } from './command-line.ts';

const pipeline = `name: nfl
tasks:
  games: { command: "true" }
  odds:
    command: "echo no such season; exit 3"
`;

/** A project in which everything looks as in a step of a workflow of GitHub Actions. */
function step(
  text = pipeline,
): Project & { readonly env: Readonly<Record<string, string>>; readonly summary: () => string } {
  const project = createProject(text);
  onTestFinished(project.remove);
  const path = join(project.directory, 'summary.md');
  const env = {
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: path,
    GITHUB_WORKSPACE: realpathSync(project.directory),
  };
  return { ...project, env, summary: () => (existsSync(path) ? readFileSync(path, 'utf8') : '') };
}

test('under GitHub Actions the log is that for GitHub, and a summary is added to the step', async () => {
  const { call, env, summary } = step();
  const { code, out } = await call(['run'], env);
  expect(code).toBe(1);
  expect(out).toMatch(/^::error title=odds%3A failed,file=pipeline\.yaml,line=4::exit code 3$/m);
  expect(out).toMatch(/^::group::/m);
  expect(summary()).toMatch(/^## ✗ nfl failed in /);
  expect(summary()).toContain('<pre>\nno such season\n</pre>');
  expect(summary()).toContain('| ✗&nbsp;failed | <code>odds</code> |');
  await call(['run', '--only', 'games'], env);
  expect(summary()).toContain('\n## ✓ nfl succeeded in ');
});

test('another reporter that is named is used, and writes no summary', async () => {
  const { call, env, summary } = step();
  const { out } = await call(['run', '--reporter', 'plain'], env);
  expect(out).not.toContain('::');
  expect(summary()).toBe('');
  expect((await call(['run', '--reporter', 'json'], env)).out).toMatch(/^\{"at":/);
});

test('elsewhere the log is the plain one', async () => {
  const { call, summary } = step();
  expect((await call(['run'])).out).not.toContain('::');
  expect(summary()).toBe('');
});

test('a mistake in the pipeline file is annotated relative to the repository, and is the summary', async () => {
  const { call, env, directory, summary } = step();
  mkdirSync(join(directory, 'etl'));
  writeFileSync(join(directory, 'etl/bad.yaml'), 'name: nfl\ntasks: { games: { comand: "true" } }\n');
  const { code, out } = await call(['run', 'etl/bad.yaml'], env);
  expect(code).toBe(2);
  expect(out).toMatch(/^::error title=spec\/\S+,file=etl\/bad\.yaml,line=2,col=\d+::/m);
  expect(summary()).toMatch(/^## ✗ The run could not start\n\n- <code>spec\//);
});

test('a place that cannot be written is annotated and named in the summary', async () => {
  const { call, env, directory, summary } = step();
  mkdirSync(join(directory, 'taken'));
  const { code, out } = await call(['run', '--junit', 'taken'], env);
  expect(code).toBe(3);
  expect(out).toMatch(/^::error title=run\/cannot-write::Cannot write ".*taken"/m);
  expect(summary()).toContain('<code>run/cannot-write</code>');
});

test('a warning before the run is annotated, and stands in its summary', async () => {
  const { call, env, summary } = step('name: nfl\ntasks: { games: { command: [no-such-program-here] } }\n');
  const { out } = await call(['run'], env);
  expect(out).toMatch(/^::warning title=run\/command-not-found/m);
  expect(summary()).toContain('- <code>run/command-not-found</code>: ');
});

test('a summary that cannot be written is a warning, and changes no exit code', async () => {
  const { call, env } = step();
  const { code, err } = await call(['run', '--only', 'games'], {
    ...env,
    GITHUB_STEP_SUMMARY: '/no/such/directory/x.md',
  });
  expect(err).toContain('warning[run/cannot-write]: Cannot write "/no/such/directory/x.md"');
  expect(code).toBe(0);
});
