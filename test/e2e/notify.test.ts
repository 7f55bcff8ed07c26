import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { expectValid, readHandoffs } from '../support/handoffs.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { createProject, type Project } from './command-line.ts';
import { createUiProject } from './ui-project.ts';

let project: Project | undefined;
afterEach(() => project?.remove());

type Received = { readonly path: string; readonly body: Record<string, unknown> };

/** A server that answers with these codes in turn, the last one again and again. */
async function openWebhook(...codes: readonly number[]) {
  const received: Received[] = [];
  const server: Server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const code = codes[Math.min(received.length, codes.length - 1)] ?? 200;
      received.push({ path: request.url ?? '', body: JSON.parse(text) as Record<string, unknown> });
      response.writeHead(code, code === 302 ? { location: '/elsewhere' } : {}).end('thanks');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { received, url: `http://127.0.0.1:${port}/services/T0CanaryHook/B1` };
}

const fails =
  'tasks:\n  load: { command: "echo broken >&2; exit 3" }\n  mart: { command: "true", dependencies: [load] }\n';

test('a signal that comes while somebody is told gives that up: nothing is tried again, nothing is left running', async () => {
  project = createProject(
    `version: 1\nname: shop\nnotify: { command: "echo $$ > told; sleep 600", on: [success] }\ntasks: { load: { command: "true" } }\n`,
  );
  const told = join(project.directory, 'told');
  const program = project.start(['run']);
  await expect.poll(() => existsSync(told) && readFileSync(told, 'utf8')).toMatch(/\d\n/);
  const pid = Number(readFileSync(told, 'utf8'));
  program.child.kill('SIGINT');
  const { err } = await program.ended;
  await expectCleanAftermath({ directory: project.directory, ended: program.ended, exitCodes: [0] });
  expect(err).toContain('etl-tui was stopped');
  expect(existsSync(`/proc/${pid}`)).toBe(false);
  expect(Number(readFileSync(told, 'utf8'))).toBe(pid);
});

test('neither a task nor a notification is given the address of the queue', async () => {
  project = createProject(
    `version: 1\nname: shop\nnotify: { command: "env > told", on: [success] }\ntasks: { load: { command: "env > done" } }\n`,
  );
  expect((await project.call(['run'], { ETL_TUI_QUEUE: 'postgres://q@db.example/q' })).code).toBe(0);
  for (const file of ['told', 'done']) {
    const text = readFileSync(join(project.directory, file), 'utf8');
    expect([text.includes('ETL_RUN_ID='), text.includes('ETL_TUI_QUEUE')]).toEqual([true, false]);
  }
});

describe('a webhook', () => {
  test('is told through the proxy that the environment names', async () => {
    const proxy = await openWebhook(200);
    project = createProject(
      'version: 1\nname: shop\nnotify: { webhook: TEAM_HOOK, on: [success] }\ntasks: { load: { command: "true" } }\n',
    );
    const env = { TEAM_HOOK: 'http://hooks.example/T0/B1', http_proxy: new URL(proxy.url).origin, no_proxy: '' };
    const { code, err } = await project.call(['run', '--ci'], env);
    expect([code, err]).toEqual([0, '']);
    expect(proxy.received.map(({ path }) => path)).toEqual(['http://hooks.example/T0/B1']);
  });

  test('is sent the document of a failure, with one sentence as text, and nothing of a success', async () => {
    const hook = await openWebhook(200);
    project = createProject(`version: 1\nname: shop\nnotify: { webhook: "\${env:CHAT}" }\n${fails}`);
    const { code, err } = await project.call(['run'], { CHAT: hook.url });
    expect([code, err]).toEqual([1, '']);
    expect((await project.call(['run', '--only', 'mart'], { CHAT: hook.url })).code).toBe(0);
    expect(hook.received).toHaveLength(1);
    const { text, ...document } = hook.received[0]!.body;
    expect(text).toBe('shop: load failed: exit code 3: broken; 1 task was not run because of it');
    expectValid(document);
    expect(document).toMatchObject({ handoff: 'pipeline_task_failed', error: 'exit code 3: broken' });
    expect(existsSync(join(project.directory, 'handoffs'))).toBe(false);
  });

  test('that fails for a moment is tried again, one that refuses is not, and the run ends as it would without', async () => {
    const failing = await openWebhook(500, 503, 200);
    const refusing = await openWebhook(404);
    const moved = await openWebhook(302);
    project = createProject(
      `version: 1\nname: shop\nnotify: [{ webhook: A }, { webhook: B }, { webhook: C }, { webhook: D }]\ntasks: { load: { command: "exit 3" } }\n`,
    );
    const ended = await project.call(['run'], { A: failing.url, B: refusing.url, C: moved.url });
    const { err } = ended;
    await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [1], canaries: ['T0CanaryHook'] });
    expect([failing.received.length, refusing.received.length, moved.received.length]).toEqual([3, 1, 1]);
    // The first of them before the first task.
    expect(err.match(/run\/not-notified/g)).toHaveLength(4);
    expect(err).toContain('D is not set, so the notification cannot be sent');
    expect(err).toContain('the webhook in B was not notified of the failure of load: HTTP 404');
    expect(err).toContain('the webhook in C was not notified of the failure of load: HTTP 302');
    expect(err).toContain('the environment variable D is not set');
    expect(err).not.toContain('127.0.0.1');
    expect(err).not.toContain('T0CanaryHook');
  });
});

describe('a command', () => {
  test('finds the document on its standard input, its file and what it is about in its variables', async () => {
    project = createProject(`version: 1
name: shop
env: { CHANNEL: "#etl" }
handoffs: { on_failure: { to: On-call } }
notify: { command: 'cat > told.json; env | grep -E "^(ETL_|CHANNEL)" | sort > told.env' }
${fails}`);
    const { code, err } = await project.call(['run']);
    expect([code, err]).toEqual([1, '']);
    const document = JSON.parse(readFileSync(join(project.directory, 'told.json'), 'utf8'));
    expectValid(document);
    const [file] = readHandoffs(project.directory);
    expect(document).toEqual(file?.document);
    const variables = readFileSync(join(project.directory, 'told.env'), 'utf8');
    expect(variables).toContain(`ETL_HANDOFF_FILE=${file?.file}\n`);
    for (const line of [
      'CHANNEL=#etl',
      'ETL_HANDOFF=pipeline_task_failed',
      'ETL_HANDOFF_TRIGGER=failure',
      'ETL_HANDOFF_SUBJECT=load',
      'ETL_HANDOFF_URGENCY=high',
    ]) {
      expect(variables.split('\n')).toContain(line);
    }
  });

  test('that fails, cannot be found, or reads nothing is a warning with what it said last', async () => {
    project = createProject(`version: 1
name: shop
notify:
  - { command: "echo try >> tries; echo no such channel >&2; exit 4" }
  - { command: [nothing-of-this-name] }
  - { command: "exit 0" }
tasks: { load: { command: "exit 3" } }
`);
    const ended = await project.call(['run']);
    const { err } = ended;
    await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [1] });
    expect(err).toContain('was not notified of the failure of load: exit code 4: no such channel');
    expect(err).toContain(
      'the command nothing-of-this-name was not notified of the failure of load: command not found',
    );
    expect(err.match(/run\/not-notified/g)).toHaveLength(2);
    expect(readFileSync(join(project.directory, 'tries'), 'utf8')).toBe('try\ntry\ntry\n');
  });
});

test('of several failures the most urgent is told, once, and names the others; a task tells of itself alone', async () => {
  project = createProject(`version: 1
name: shop
notify: { command: "cat >> run.json; echo >> run.json" }
tasks:
  first: { command: "exit 1", notify: [{ command: "cat >> first.json" }, { command: "touch degraded", on: [degradation] }] }
  second: { command: "exit 2" }
  behind: { command: "true", dependencies: [second] }
  fine: { command: "true", notify: { command: "touch fine", on: [failure] } }
`);
  await project.call(['run']);
  const lines = readFileSync(join(project.directory, 'run.json'), 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ failed_task: 'second', also_failed: ['first'] }]);
  expect(JSON.parse(readFileSync(join(project.directory, 'first.json'), 'utf8'))).toMatchObject({
    failed_task: 'first',
  });
  for (const file of ['fine', 'degraded']) expect(existsSync(join(project.directory, file))).toBe(false);
});

test('each recipient is told for himself, of the run and of single tasks', async () => {
  const refusing = await openWebhook(404);
  project = createProject(`version: 1
name: shop
notify: { command: 'cat > "run-$ETL_HANDOFF_TO.json"', to: [ann, bob] }
tasks:
  load: { command: "exit 3", notify: [{ command: 'echo "$ETL_HANDOFF_SUBJECT" > "task-$ETL_HANDOFF_TO"', to: carl }, { webhook: CHAT, to: ["#etl", "#shop"] }] }
  fine: { command: "true", notify: { command: "touch told", to: dora } }
`);
  const { code, err } = await project.call(['run'], { CHAT: refusing.url });
  expect(code).toBe(1);
  for (const to of ['ann', 'bob']) {
    const document = JSON.parse(readFileSync(join(project.directory, `run-${to}.json`), 'utf8'));
    expectValid(document);
    expect(document).toMatchObject({ to, failed_task: 'load' });
  }
  expect(readFileSync(join(project.directory, 'task-carl'), 'utf8')).toBe('load\n');
  expect(refusing.received.map(({ body }) => body['to']).toSorted()).toEqual(['#etl', '#shop']);
  expect(err).toContain('the webhook in CHAT for #etl was not notified of the failure of load: HTTP 404');
  expect(existsSync(join(project.directory, 'told'))).toBe(false);
});

test('a failure that happens once more on the open screen is told once', async () => {
  const ui = createUiProject(
    `version: 1\nname: shop\nnotify: { command: "echo told >> told", on: [failure, success] }\ntasks:\n  load: { command: "echo try >> tries; test -e mended" }\n`,
  );
  onTestFinished(() => ui.close());
  const lines = (name: string) =>
    ui.has(name) ? readFileSync(join(ui.directory, name), 'utf8').split('\n').length - 1 : 0;
  const screen = ui.open();
  await expect.poll(() => lines('told')).toBe(1);
  screen.press('e', 'r');
  // What has been tried is written before it has failed.
  await expect.poll(() => ui.result()?.results[0]).toMatchObject({ attempts: 2, status: 'failed' });
  await screen.waitFor('FAILED');
  ui.touch('mended');
  screen.press('r');
  await expect.poll(() => lines('told')).toBe(2);
  screen.press('q');
  expect(await screen.waitForExit()).toBe(0);
  expect(lines('told')).toBe(2);
});

test('no secret leaves a run by its hand-offs, its notifications, its logs or its output', async () => {
  const database = await createTestDatabase();
  const hook = await openWebhook(200);
  const refused = await openWebhook(403);
  onTestFinished(() => database.close());
  const canaries = { key: 'CanaryKey-81c', licence: 'CanaryLicence+9/x', token: 'T0CanaryHook' };
  const password = decodeURIComponent(new URL(database.url).password);
  project = createProject(`version: 1
name: shop
secrets: [LICENCE]
handoffs: { on_failure: { to: On-call }, on_degradation: { to: Platform }, on_success: { to: Research, dataset: margins } }
notify:
  - { webhook: CHAT }
  - { webhook: OTHER }
  - { command: "cat > told.json; env | grep ^ETL_HANDOFF > told.env; echo $ODDS_API_KEY $CHAT >&2; exit 9" }
tasks:
  load:
    command: |
      echo "url $DATABASE_URL hook $CHAT path \${CHAT#*//*/}" >&2
      printf '%s\\033[1m%s\\n' "\${ODDS_API_KEY:0:5}" "\${ODDS_API_KEY:5}" >&2
      echo "licence $LICENCE: refused with key $ODDS_API_KEY" >&2
      exit 3
    fallback: { command: "echo $LICENCE; exit 1", note: "CanaryKey-81c of yesterday" }
checks:
  - { name: leaks, sql: "SELECT 'row with CanaryKey-81c'" }
`);
  const env = {
    DATABASE_URL: database.url,
    ODDS_API_KEY: canaries.key,
    LICENCE: canaries.licence,
    CHAT: hook.url,
    OTHER: refused.url,
  };
  const plain = await project.call(['run'], env);
  const json = await project.call(['run', '--reporter', 'json'], env);
  const listed = await project.call(['handoffs', 'list', '--json']);
  expect(plain.code).toBe(1);
  const documents = readHandoffs(project.directory).map(({ document }) => document['handoff']);
  expect(documents).toContain('pipeline_task_failed');
  expect(documents).toContain('data_check_failed');
  expect(hook.received.length).toBe(2);
  const texts = [
    ...[plain, json, listed].flatMap(({ out, err }) => [out, err]),
    ...hook.received.map(({ body }) => JSON.stringify(body)),
    ...filesBelow(project.directory),
  ];
  expect(texts.length).toBeGreaterThan(15);
  for (const secret of [...Object.values(canaries), password, hook.url, refused.url]) {
    const forms = [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('hex'),
      Buffer.from(secret).toString('base64').slice(0, 12),
    ];
    for (const form of forms) expect(texts.filter((text) => text.includes(form))).toEqual([]);
  }
});

/** Every file of a project but the pipeline itself. */
function filesBelow(directory: string): readonly string[] {
  return (readdirSync(directory, { recursive: true }) as string[])
    .filter((name) => name !== 'pipeline.yaml' && statSync(join(directory, name)).isFile())
    .map((name) => readFileSync(join(directory, name), 'utf8'));
}

test('an address in the file is a mistake, and is not repeated', async () => {
  project = createProject(
    `version: 1\nname: shop\nnotify: { webhook: "https://hooks.example/services/T0CanaryHook" }\ntasks: { load: { command: "true" } }\n`,
  );
  const { code, out, err } = await project.call(['validate']);
  expect(code).toBe(2);
  expect(out + err).toContain('must be the name of the environment variable');
  expect(out + err).not.toContain('Canary');
});

test('--no-notify tells nobody, and writes no hand-off', async () => {
  project = createProject(
    `version: 1\nname: shop\nhandoffs: { on_failure: { to: x } }\nnotify: { command: "touch told" }\n${fails}`,
  );
  expect((await project.call(['run', '--no-notify'])).code).toBe(1);
  for (const name of ['told', 'handoffs']) expect(existsSync(join(project.directory, name))).toBe(false);
});

test('a success is told of a pipeline in which something was not needed, and with tasks that run only after a failure', async () => {
  project = createProject(`
version: 1
name: shop
notify: { command: "touch told", on: [success] }
tasks:
  load: { command: "true" }
  prices: { command: "true", only_if: exit 1 }
  alarm: { command: "true", run_when: on_failure }
`);
  expect((await project.call(['run'])).code).toBe(0);
  expect(existsSync(join(project.directory, 'told'))).toBe(true);
});
