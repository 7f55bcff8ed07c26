import { afterEach, describe, expect, test } from 'vitest';
import { createProject } from '../../support/call.ts';

let project: ReturnType<typeof createProject> | undefined;
afterEach(() => project?.remove());

const canary = 'hunter2-canary';

/** All that the program says of a file. */
async function said(pipeline: string, args: readonly string[] = []): Promise<string> {
  project = createProject(pipeline);
  const calls = [['validate'], ['validate', '--format', 'json'], ['run', '--dry-run', ...args]];
  const results = await Promise.all(calls.map((call) => project!.call(call)));
  project.remove();
  return results.map(({ out, err }) => `${out}${err}`).join('\n');
}

const task = 'tasks: { a: { command: x } }\n';

describe('a diagnostic of a pipeline file hides the secrets in its line', () => {
  test.each([
    ['in a block', `env:\n  API_TOKEN: ${canary} # soon\n  1BAD: x\n${task}`],
    ['beside another mistake', `env: { API_TOKEN: ${canary}, 1BAD: x }\n${task}`],
    ['in quotes', `env: { "API_TOKEN": "${canary}, and }", 1BAD: x }\n${task}`],
    ['that is the mistake', `env: { API_TOKEN: [${canary}] }\n${task}`],
    ['that is the mistake, in a block', `env:\n  API_TOKEN: {x: ${canary}}\n${task}`],
    ['that means nothing', `env: { API_TOKEN: "\${${canary}}" }\n${task}`],
    ['over several lines', `env:\n  API_TOKEN: |\n    ${canary}\n    \${${canary}}\n${task}`],
    ['over several lines without quotes', `env:\n  API_TOKEN: x\n    ${canary} \${x}\n${task}`],
    ['in the default of a parameter', `params:\n  password:\n    default: ${canary}\n    pattern: "^x$"\n${task}`],
    ['in the default, in one line', `params: { password: { default: ${canary}, pattern: "^x$" } }\n${task}`],
    ['of a declared name', `secrets: [LICENCE]\nenv: { LICENCE: ${canary}, 1BAD: x }\n${task}`],
    ['of a name declared in a block', `env: { LICENCE: ${canary}, 1BAD: x }\nsecrets:\n  - LICENCE\n${task}`],
    ['in an address', `env: { FEED: "https://feed:${canary}@host/", 1BAD: x }\n${task}`],
    ['in the settings of an address', `env: { FEED: "https://host/x?token=${canary}&a=b", 1BAD: x }\n${task}`],
    ['in a command', `tasks: { a: { command: "psql -v x=1 password=${canary}", bad: x } }\n`],
    ['before a command', `tasks: { a: { comand: "API_TOKEN='${canary} ${canary}' ./load --api-key=${canary}" } }\n`],
    ['in broken YAML', `env: { API_TOKEN: ${canary}, X: [ }\n${task}`],
    ['in a string that stays open', `env:\n  API_TOKEN: "${canary}\n${task}`],
    ['that a message would cut', `env: { API_TOKEN: ["${canary.repeat(40)}"] }\n${task}`],
    ['in a key that does not exist', `tasks:\n  a: { command: x, password: ${canary} }\n`],
  ])('%s', async (_, pipeline) => {
    const text = await said(pipeline);
    expect(text).toMatch(/error\[/);
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('canary');
  });

  test('and its columns stay correct', async () => {
    const text = await said(`env: { API_TOKEN: ${canary}, 1BAD: x }\n${task}`);
    expect(text).toContain(`API_TOKEN: ${'*'.repeat(canary.length)}, 1BAD: x }`);
    expect(text).toMatch(/pipeline\.yaml:1:35: error\[spec\/bad-name\]: "1BAD"/);
  });

  test('and the rest of the line stays', async () => {
    const text = await said(`env: { FEED: https://host/x, TOKEN: "\${env:MY_TOKEN}", 1BAD: x }\n${task}`);
    expect(text).toContain('env: { FEED: https://host/x, TOKEN: "${env:MY_TOKEN}", 1BAD: x }');
    const command = `PGPASSWORD=$PW psql -v token="$TOKEN" -f x.sql`;
    expect(await said(`tasks:\n  a: { comand: '${command}' }\n`)).toContain(command);
  });
});

test.each([
  ['by its name', 'params: { password: { default: none, pattern: "^[a-z]+$" } }\n', 'password'],
  ['by its name, and short', 'params: { password: { default: none, pattern: "^[a-z]+$" } }\n', 'password', 'h2'],
  ['by declaration', 'secrets: [licence]\nparams: { licence: { default: none, pattern: "^[a-z]+$" } }\n', 'licence'],
])('a refused parameter that is secret %s is not printed', async (_, params, name, value = canary) => {
  const text = await said(`${params}${task}`, ['-p', `${name}=${value}`]);
  expect(text).toContain(`error[usage/bad-argument]: the value of parameter "${name}" is invalid`);
  expect(text).not.toContain(value);
});

test.each([[['-p', canary]], [['-p', `password:${canary}`]], [[`--param=${canary}`]], [[`--pasword=${canary}`]]])(
  'the arguments of a refused call are not printed: %j',
  async (args) => {
    project = createProject(task);
    const { code, err } = await project.call(['run', ...args]);
    expect(err).toMatch(/^error\[usage\//);
    expect(err).not.toContain('hunter2');
    expect(code).toBe(2);
  },
);

test.each([
  ['spaces', `A_TOKEN: x${' '.repeat(900_000)}y`],
  ['quotes', `A_TOKEN: "${'\\'.repeat(900_000)}`],
  ['secrets', `env: { ${'A_TOKEN: x, '.repeat(80_000)}`],
  ['letters', 'a'.repeat(900_000)],
])('a file of nothing but %s is searched for secrets in bounded time', async (_, pipeline) => {
  project = createProject(pipeline);
  expect((await project.call(['validate'])).code).toBe(2);
});
