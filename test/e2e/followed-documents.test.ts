import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findPsql } from '../../src/engine/database/find-psql.ts';
import { leveled, printed, type Step, stepsOf } from '../support/documented-session.ts';
import { projectRoot } from '../support/project-root.ts';
import { program, startCommand } from './command-line.ts';

const place = mkdtempSync(join(tmpdir(), 'etl-tui-documents-'));
const programs = join(place, 'bin');
mkdirSync(programs);
symlinkSync(program, join(programs, 'etl-tui'));
chmodSync(program, 0o755);
const env = { PATH: `${programs}:${dirname(process.execPath)}:${process.env['PATH']}` };
const call = (command: string, directory: string) => startCommand('bash', ['-c', command], directory, env).ended;

afterAll(() => rmSync(place, { recursive: true, force: true, maxRetries: 5 }));

const titleOf = (step: Step) => (step.kind === 'command' ? `$ ${step.command}` : `${step.kind} ${step.file}`);
// The tutorial says that it needs psql.
const pages = [...(findPsql(process.env).ok ? ['tutorial.md'] : []), 'operations.md'];

describe.each(pages)('docs/%s, followed from top to bottom', { timeout: 120_000 }, (page) => {
  const steps = stepsOf(readFileSync(join(projectRoot, 'docs', page), 'utf8'));
  const directory = join(place, page);
  mkdirSync(directory);
  afterAll(() => call('etl-tui db stop', directory));

  test.each(steps.map((step) => [titleOf(step), step]))('%s', async (_title, step) => {
    if (step.kind === 'command') {
      const { code, out, err } = await call(step.command, directory);
      expect({ code, err: code === step.exitCode ? '' : err }).toEqual({ code: step.exitCode, err: '' });
      expect(`${leveled(`${out}${step.exitCode === 2 ? err : ''}`)}\n`).toMatch(printed(step.output));
      return;
    }
    const path = join(directory, step.file);
    mkdirSync(dirname(path), { recursive: true });
    if (step.kind === 'write') writeFileSync(path, step.text);
    else appendFileSync(path, step.text);
  });

  test('is of several commands', () => {
    expect(steps.filter(({ kind }) => kind === 'command').length).toBeGreaterThan(5);
  });
});
