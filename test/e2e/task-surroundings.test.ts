import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Ended, type Project } from './command-line.ts';

let project: Project;
afterEach(() => project.remove());

function write(name: string, text: string): void {
  mkdirSync(dirname(join(project.directory, name)), { recursive: true });
  writeFileSync(join(project.directory, name), text);
}

const read = (name: string) => readFileSync(join(project.directory, name), 'utf8');

describe('a task', () => {
  test('runs in its directory, by its shell; its outputs are relative to the project', async () => {
    project = createProject(`version: 1
name: shop
defaults: { dir: dbt }
tasks:
  models: { command: "pwd > here; ./build", outputs: [dbt/here] }
  whole: { command: "pwd > here", dir: . }
  posix: { command: 'echo "$0 $BASH_VERSION" > name', shell: sh }
  mine: { command: "text of mine", dir: ., shell: [bash, -c, 'echo "$0|$1" > words', shell] }
  listed: { command: [./build] }
`);
    write('dbt/build', '#!/bin/sh\ntrue\n');
    chmodSync(join(project.directory, 'dbt/build'), 0o755);
    const ended = await project.call(['run']);
    expect([ended.code, ended.err]).toEqual([0, '']);
    expect(read('dbt/here').trim().endsWith('/dbt')).toBe(true);
    expect(read('here').trim().endsWith('/dbt')).toBe(false);
    expect(read('words')).toBe('shell|text of mine\n');
    expect(read('dbt/name')).toMatch(/^sh /);
    await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [0] });
  });

  test('whose directory is not there keeps the run from starting, with the place in the file', async () => {
    project = createProject('version: 1\ntasks:\n  a: { command: "touch ran" }\n  b: { command: "true", dir: gone }\n');
    const ended = await project.call(['run']);
    expect(ended.code).toBe(3);
    expect(ended.err).toContain(
      'pipeline.yaml:4:30: error[run/no-directory]: there is no directory "gone" for a task to run in',
    );
    expect(existsSync(join(project.directory, 'ran'))).toBe(false);
    expect((await project.call(['run', '--skip', 'b'])).code).toBe(0);
  });

  test('that ends with 127 has not found a command only when a shell says so, and else is retried', async () => {
    project = createProject(`version: 1
defaults: { retries: 2, backoff: { initial: 0, max: 0 } }
tasks:
  posix: { command: "echo x >> posix; exit 127", shell: sh }
  script: { command: 'require("fs").appendFileSync("script", "x\\n"); process.exit(127)', shell: node }
`);
    expect((await project.call(['run'])).code).toBe(1);
    expect([read('posix'), read('script')]).toEqual(['x\n', 'x\nx\nx\n']);
  });
});

describe('a file of variables', () => {
  const pipeline = `version: 1
name: shop
env_file: [.env, local.env]
env: { REGION: "eu-\${env:ZONE}", KEPT: from-env }
defaults: { env_file: task.env }
tasks:
  load: { command: "env | grep -E '^(ZONE|REGION|KEPT|PLAIN|API|OWN|PASS|LEVEL)=' | sort; env > all.txt", env: { OWN: "own-\${env:API}" } }
  other: { command: "echo $PLAIN", env_file: [], dependencies: [load] }
checks: [{ name: knows, command: 'test "$ZONE" = west-canary' }]
`;

  test('gives its values to tasks and checks, later ones and env winning, and shows none of them', async () => {
    project = createProject(pipeline);
    write('.env', 'ZONE=east-canary\nKEPT=file-canary-k\nLEVEL=1\n');
    write('local.env', 'ZONE=west-canary\n');
    write('task.env', "export PLAIN='plain canary 7'\nAPI=api-canary-99 # of the shop\nREGION=never-canary\n");
    const ended = await project.call(['run'], { LEVEL: '0', PLAIN: 'outside' });
    expect([ended.code, ended.err]).toEqual([0, '']);
    const all = read('all.txt').split('\n');
    expect(all).toEqual(
      expect.arrayContaining([
        'ZONE=west-canary',
        'REGION=eu-west-canary',
        'KEPT=from-env',
        'PLAIN=plain canary 7',
        'API=api-canary-99',
        'OWN=own-api-canary-99',
        'LEVEL=1',
      ]),
    );
    const { out } = await project.call(['logs', 'latest', 'load']);
    expect(out).toContain('API=***\n');
    expect(out).toContain('OWN=own-***\n');
    expect((await project.call(['logs', 'latest', 'other'])).out).toBe('outside\n');
    await expectCleanAftermath({
      directory: project.directory,
      ended,
      exitCodes: [0],
      canaries: ['west-canary', 'plain canary 7', 'api-canary-99', 'never-canary', 'east-canary', 'file-canary-k'],
      canarySources: ['pipeline.yaml', '.env', 'local.env', 'task.env', 'all.txt'],
    });
  });

  test('that is missing, or has a line that sets nothing, keeps the run from starting and shows no line of it', async () => {
    project = createProject(pipeline);
    write('.env', 'ZONE=1\n');
    write('task.env', 'API: hunter2\n');
    const ended = await project.call(['run']);
    expect(ended.code).toBe(3);
    expect(ended.err).toContain('pipeline.yaml:3:18: error[run/no-env-file]: there is no file "local.env"');
    expect(ended.err).toContain('task.env:1:1: error[run/bad-env-file]: this line does not set a variable');
    expect(ended.err + ended.out).not.toContain('hunter2');
    expect(existsSync(join(project.directory, 'logs'))).toBe(false);
    expect((await project.call(['validate'])).code).toBe(0);
  });

  test('is read again when the run is resumed', async () => {
    project = createProject(`version: 1
name: shop
tasks:
  first: { command: "true" }
  load: { command: 'test "$KEY" = right-canary-2', env_file: task.env, dependencies: [first] }
`);
    write('task.env', 'KEY=wrong-canary-1\n');
    expect((await project.call(['run'])).code).toBe(1);
    write('task.env', 'KEY=right-canary-2\n');
    const ended = await project.call(['run', '--resume']);
    expect(ended.code).toBe(0);
    expect(ended.out).toContain('reused: first');
  });
});

describe('a pipeline of several files', () => {
  const main = `version: 1
name: shop
include: parts/tasks.yaml
tasks:
  mart: { command: "test -e go && touch mart", dependencies: [load] }
`;
  const part = `env: { API_TOKEN: canary-in-part-4 }
tasks:
  load: { command: "echo load >> ran; echo $API_TOKEN" }
`;
  const copies = (): readonly string[] => {
    const [run = ''] = readdirSync(join(project.directory, 'logs/etl/runs'));
    const directory = join(project.directory, 'logs/etl/runs', run);
    return readdirSync(directory)
      .filter((name) => /^pipeline.*yaml$/.test(name) && statSync(join(directory, name)).isFile())
      .sort()
      .map((name) => readFileSync(join(directory, name), 'utf8'));
  };

  test('runs, fails, is resumed in the middle and replayed as one; its copy holds all of it', async () => {
    project = createProject(main);
    write('parts/tasks.yaml', part);
    const failed = await project.call(['run']);
    expect([failed.code, failed.err]).toEqual([1, '']);
    expect(copies()).toEqual([
      expect.stringContaining(
        '# included: parts/tasks.yaml\n# env: { API_TOKEN: **************** }\n# tasks:\n#   load: { command: "echo load >> ran;',
      ),
    ]);
    write('go', '');
    const resumed = await project.call(['run', '--resume']);
    expect([resumed.code, resumed.err]).toEqual([0, '']);
    expect(resumed.out).toContain('reused: load');
    expect(read('ran')).toBe('load\n');
    await expectCleanAftermath({
      directory: project.directory,
      ended: resumed,
      exitCodes: [0],
      canaries: ['canary-in-part-4'],
      canarySources: ['parts/tasks.yaml'],
    });
    // The file is gone, and the run is whole all the same.
    write('pipeline.yaml', 'version: 1\nname: shop\ntasks: { x: { command: "true" } }\n');
    const shown = await project.call(['show', 'latest']);
    expect(shown.out).toContain('load');
    expect((await project.call(['report', 'latest', '--html', 'r.html'])).code).toBe(0);
  });

  test('runs again what has changed in an included file when it is resumed', async () => {
    project = createProject(main);
    write('parts/tasks.yaml', part);
    await project.call(['run']);
    write('go', '');
    write('parts/tasks.yaml', part.replace('echo load >>', 'echo other >>'));
    const { out, code } = await project.call(['run', '--resume']);
    expect(code).toBe(0);
    expect(out).toContain('re-run: load (its command changed)');
    expect(read('ran')).toBe('load\nother\n');
    expect(copies()).toHaveLength(2);
  });

  test('has its mistakes told in the file in which they are, with the line', async () => {
    project = createProject(main);
    write('parts/tasks.yaml', 'tasks:\n  load: { command: [x], timeout: soon }\n');
    const { out, code } = await project.call(['validate']);
    expect(code).toBe(2);
    expect(out).toContain('parts/tasks.yaml:2:34: error[spec/bad-type]');
    expect(out).toContain('    2 │   load: { command: [x], timeout: soon }');
    const { err }: Ended = await project.call(['run', 'pipeline.yaml', '--reporter', 'json']);
    expect(err).toContain('parts/tasks.yaml:2:34');
  });
});

test('a file of variables may name the database, also for the commands that run no task', async () => {
  project = createProject(`version: 1
name: shop
env_file: .env
tasks:
  load: { command: "true", env_file: gone.env }
checks: [{ name: looks, command: 'test "$DATABASE_URL" = postgres://ann@127.0.0.1:9/shop' }]
`);
  write('.env', 'DATABASE_URL=postgres://ann@127.0.0.1:9/shop\n');
  expect((await project.call(['db', 'url'])).out).toBe('postgres://ann@127.0.0.1:9/shop\n');
  // What only tasks are given is not missed.
  const { err } = await project.call(['check']);
  expect(err).not.toContain('gone.env');
  expect((await project.call(['run'])).err).toContain('there is no file "gone.env"');
});
