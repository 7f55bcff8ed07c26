import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createProject } from '../command-line.ts';

const values = [
  '; touch owned',
  '$(touch owned)`touch owned`',
  '"; touch owned; "',
  "'; touch owned; '",
  '-rf /',
  'two\nlines\ttab\\n',
  '${param:p0}$${HOME}${env:HOME}',
  'ü 🏈 \u202e \x1b[31m',
];
const all = values.map((_, at) => at);
const write = (kind: string, name: (at: number) => string) =>
  all.map((at) => `printf %s "$${name(at)}" > ${kind}${at}.txt`).join('; ');
const given = (at: number) => `ETL_PARAM_P${at}`;

const pipeline = `version: 1
name: shop
params: { ${all.map((at) => `p${at}: {}`).join(', ')} }
tasks:
  script: { command: '${write('script', given)}' }
  program: { command: [sh, -c, '${write('program', given)}'] }
  variable:
    command: '${write('variable', (at) => `FROM_${at}`)}'
    env: { ${all.map((at) => `FROM_${at}: "\${param:p${at}}"`).join(', ')} }
checks: [{ name: right, command: '${write('check', given)}' }]
`;

test('a value of a parameter reaches tasks and checks as it is, and is executed nowhere', async () => {
  const { call, directory, remove } = createProject(pipeline);
  onTestFinished(remove);
  const args = values.flatMap((value, at) => ['-p', `p${at}=${value}`]);
  expect((await call(['run', '--ci', ...args])).code).toBe(0);
  for (const kind of ['script', 'program', 'variable', 'check']) {
    const seen = all.map((at) => readFileSync(join(directory, `${kind}${at}.txt`), 'utf8'));
    expect([kind, seen]).toEqual([kind, values]);
  }
  expect(existsSync(join(directory, 'owned'))).toBe(false);
});
