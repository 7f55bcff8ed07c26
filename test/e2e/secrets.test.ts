import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Project } from './command-line.ts';
import { createUiProject } from './ui-project.ts';

let project: Project | undefined;
afterEach(() => project?.remove());

/** Every file below the project but the pipeline itself, with what it holds. */
function keptTexts(directory: string): readonly string[] {
  return (readdirSync(directory, { recursive: true }) as string[])
    .filter((name) => name !== 'pipeline.yaml' && statSync(join(directory, name)).isFile())
    .map((name) => `${name}\n${readFileSync(join(directory, name), 'utf8')}`);
}

describe('a stored run can be read when a secret is also an ordinary word', () => {
  test.each([
    ['the name of the database user', { POSTGRES_PASSWORD: 'postgres' }],
    ['a yes or no', { USE_TOKEN: 'true' }],
    ['a short word', { DB_PASS: 'loa' }],
    ['a part of a name', { API_TOKEN: 'load' }],
    ['a key of the file', { API_TOKEN: 'tasks' }],
    ['a word of the format', { API_TOKEN: 'command' }],
    ['a number of the file', { API_TOKEN: '1234' }],
  ])('%s', async (_, env) => {
    project = createProject(
      'version: 1\nname: nfl\ntasks:\n  load_postgres: { command: "echo loaded", timeout: 1234s }\n  mart: { command: "true", dependencies: [load_postgres] }\n',
    );
    expect((await project.call(['run'], env)).code).toBe(0);
    expect(await project.call(['logs', 'latest', 'load_postgres'])).toMatchObject({ code: 0, err: '' });
    expect((await project.call(['show', 'latest'])).out).toContain('load_postgres');
    expect((await project.call(['history'])).out).toContain('success');
    const [run = ''] = readdirSync(join(project.directory, 'logs/etl/runs'));
    const journal = readFileSync(join(project.directory, 'logs/etl/runs', run, 'journal.jsonl'), 'utf8');
    expect(journal).toContain('"load_postgres"');
  });

  test('and the secret is written in the pipeline file itself', async () => {
    project = createProject(
      'version: 1\nname: nfl\nenv: { API_TOKEN: sk-live-123456 }\ntasks:\n  load: { command: "echo sk-live-123456" }\n',
    );
    expect((await project.call(['run'])).code).toBe(0);
    expect((await project.call(['show', 'latest'])).out).toContain('load');
    expect(await project.call(['logs', 'latest', 'load'])).toMatchObject({ code: 0, out: '***\n' });
    for (const text of keptTexts(project.directory)) expect(text).not.toContain('sk-live');
  });

  test('and one warning names the variables that are not masked', async () => {
    project = createProject('version: 1\nname: nfl\ntasks:\n  load: { command: "echo postgres true" }\n');
    const { err } = await project.call(['run'], { POSTGRES_PASSWORD: 'postgres', USE_TOKEN: 'true' });
    expect(err.match(/run\/weak-secret/g)).toHaveLength(1);
    expect(err).toMatch(/POSTGRES_PASSWORD.*USE_TOKEN/);
    expect((await project.call(['logs', 'latest', 'load'])).out).toBe('postgres true\n');
  });
});

test('a secret too short to be masked everywhere is not stored beside its name', async () => {
  project = createProject(
    'version: 1\nname: nfl\nparams: { password: {} }\nenv: { DB_PASS: "q7" }\ntasks:\n  load: { command: "true" }\n',
  );
  await project.call(['run', '-p', 'password=z9x']);
  for (const text of keptTexts(project.directory)) {
    expect(text).not.toMatch(/"z9x"|"q7"/);
  }
});

test('a secret is in no file that a run writes, in whatever form a task prints it', async () => {
  const secret = 'Canary/Tok3n+of the&run';
  project = createProject(`version: 1
name: nfl
params: { licence: { default: none }, api_token: { default: none } }
secrets: [licence]
env: { FEED: "https://feed:\${param:api_token}@host/x" }
tasks:
  show:
    command: |
      printf 'a %s b\\n' "$ETL_PARAM_API_TOKEN" "$ETL_PARAM_LICENCE" "$FEED"
      t=$ETL_PARAM_API_TOKEN
      printf '%s\\033[1;31m%s\\n' "\${t:0:6}" "\${t:6}" >&2
      printf %s "$ETL_PARAM_API_TOKEN" | base64
      printf 'padding of some length before it, so that lines break within: %s' "$ETL_PARAM_API_TOKEN" | base64
      printf %s "$ETL_PARAM_API_TOKEN" | od -An -tx1 | tr -d ' \\n'
      printf '{"message":"%s\\\\u001b[31m%s"}\\n' "\${t:0:6}" "\${t:6}" >>"$ETL_TASK_REPORT"
      exit 3
`);
  const args = ['-p', `api_token=${secret}`, '-p', 'licence=LicenceCanary'];
  const ended = await project.call(['run', ...args, '--junit', 'junit.xml']);
  const { out, err } = ended;
  const json = await project.call(['run', ...args, '--reporter', 'json']);
  const summary = join(project.directory, 'summary.md');
  const github = await project.call(['run', ...args, '--reporter', 'github'], { GITHUB_STEP_SUMMARY: summary });
  expect((await project.call(['report', 'latest', '--html', 'report.html'])).code).toBe(0);
  expect(readFileSync(summary, 'utf8')).toContain('a *** b');
  expect(readFileSync(join(project.directory, 'report.html'), 'utf8')).toContain('a *** b');
  const canaries = [secret, 'LicenceCanary'];
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [1], canaries });
  for (const other of [json, github])
    await expectCleanAftermath({ directory: project.directory, ended: other, canaries });
  const texts = [out, err, json.out, json.err, github.out, github.err, ...keptTexts(project.directory)];
  const shapes = [secret, 'Tok3n', 'LicenceCanary', Buffer.from(secret).toString('hex'), encodeURIComponent(secret)];
  for (const text of texts) for (const shape of shapes) expect(text).not.toContain(shape);
  const base64 = [0, 1, 2].map((at) => Buffer.from(secret.slice(at, -3)).toString('base64').slice(0, 12));
  for (const text of texts) for (const shape of base64) expect(text.replaceAll('\n', '')).not.toContain(shape);
  expect((await project.call(['logs', 'latest', 'show'])).out).toMatch(
    /^a \*\*\* b\na \*\*\* b\na https:\/\/feed:\*\*\*@host\/x b\n/,
  );
});

test('a secret is not on the screen, neither in the details of a task nor in its log', async () => {
  const ui = createUiProject(
    'version: 1\nname: nfl\nenv: { API_TOKEN: CanaryToken }\ntasks:\n  load: { command: "echo $API_TOKEN CanaryToken" }\n',
  );
  onTestFinished(() => ui.close());
  const screen = ui.open();
  await screen.waitFor('*** ***');
  screen.press('d');
  await screen.waitFor('echo $API_TOKEN ***');
  expect(screen.text()).not.toContain('Canary');
  screen.press('q');
  const { directory } = ui;
  await expectCleanAftermath({ directory, ended: screen.ended(), exitCodes: [0], canaries: ['CanaryToken'] });
});
