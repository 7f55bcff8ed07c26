import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';
import { readSurroundings } from '../../../../src/engine/run/request/surroundings.ts';

const createDirectory = () => mkdtempSync(join(tmpdir(), 'etl-tui-around-'));

function planOf(text: string, skip: readonly string[] = []) {
  return planPipeline(`version: 1\n${text}`, 'pipeline.yaml', { skip }).plan!;
}

test('files of variables are read from the project, the home directory and anywhere; a later one wins', () => {
  const project = createDirectory();
  writeFileSync(join(project, '.env'), 'A=1\nB=1\n');
  writeFileSync(join(project, 'b.env'), 'B=2\nHOME=/elsewhere\n');
  writeFileSync(join(project, 'c.env'), 'C=3\n');
  const text = `env_file: [.env, b.env]\ntasks: { a: { command: [x], env_file: [~/c.env, ${join(project, 'c.env')}] } }`;
  const read = readSurroundings(planOf(text), project, { HOME: project, A: '0', D: '4' });
  expect(read).toMatchObject({ ok: true, value: { env: { A: '1', B: '2', D: '4', HOME: '/elsewhere' } } });
  expect(read.ok && [...read.value.envFiles.keys()]).toEqual(['.env', 'b.env', '~/c.env', join(project, 'c.env')]);
  expect(read.ok && read.value.env['C']).toBeUndefined();
});

test('what is missing is told at its place, all at once, and once for all tasks', () => {
  const project = createDirectory();
  mkdirSync(join(project, 'there'));
  writeFileSync(join(project, 'wrong.env'), 'A=1\nsecret words\n');
  writeFileSync(join(project, 'file'), '');
  const text = `defaults: { dir: gone, env_file: [gone.env, there, wrong.env] }
tasks:
  a: { command: [x] }
  b: { command: [x] }
  c: { command: [x], dir: file, env_file: [] }
  d: { command: [x], dir: there, env_file: [] }
  e: { command: [x], dir: nowhere, env_file: [] }
`;
  const read = readSurroundings(planOf(text, ['e']), project, {});
  const told = read.ok
    ? []
    : read.error.map(({ code, message, at }) => `${code} ${at?.file}:${at?.line}:${at?.col} ${message}`);
  expect(told).toEqual([
    'run/no-directory pipeline.yaml:2:18 there is no directory "gone" for a task to run in',
    'run/no-directory pipeline.yaml:6:27 there is no directory "file" for a task to run in',
    'run/no-env-file pipeline.yaml:2:35 there is no file "gone.env"',
    'run/no-env-file pipeline.yaml:2:45 "there" is not a file',
    'run/bad-env-file wrong.env:2:1 this line does not set a variable',
  ]);
});

test.skipIf(process.getuid?.() === 0)('a file that may not be read is told so', () => {
  const project = createDirectory();
  writeFileSync(join(project, '.env'), 'A=1\n');
  chmodSync(join(project, '.env'), 0);
  const read = readSurroundings(planOf('env_file: .env\ntasks: { a: { command: [x] } }'), project, {});
  expect(read.ok ? '' : read.error[0]?.message).toBe('".env" cannot be read: permission denied');
});
