import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runProgram } from '../../src/cli/run-program.ts';
import { findPsql } from '../../src/engine/database/find-psql.ts';
import { documentedCalls } from '../support/documented-calls.ts';
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
const pages = [...(findPsql(process.env).ok ? ['tutorial.md'] : []), 'operations.md', 'workers.md'];

describe.each(pages)('docs/%s, followed from top to bottom', (page) => {
  const steps = stepsOf(readFileSync(join(projectRoot, 'docs', page), 'utf8'));
  const directory = join(place, page);
  mkdirSync(directory);
  // Of workers that are still there when a step has failed.
  afterAll(() => call('cat *.pid 2>/dev/null | xargs -r kill 2>/dev/null; etl-tui db stop', directory));

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

/** Commands that only look, or answer at once; the others are run by tests of their own. */
const looking = [
  'capacity',
  'completion',
  'graph',
  'handoffs',
  'history',
  'logs',
  'plan',
  'prune',
  'report',
  'schema',
].concat(['show', 'trends', 'validate']);
const there: Readonly<Record<string, string>> = {
  RUN: 'latest',
  TASK: 'load',
  PIPELINE: 'pipeline.yaml',
  FILE: 'page.html',
};
/** These name what is in no project but their own. */
const isElsewhere = (line: string) => /nflverse|^handoffs close|^logs latest (?:extra|load\[)/.test(line);

test('every call in README and docs that only looks works in the project of docs/operations.md', async () => {
  const docs = readdirSync(join(projectRoot, 'docs')).filter(
    (name) => name.endsWith('.md') && name !== 'diagnostics.md',
  );
  const pages = ['README.md', ...docs.map((name) => `docs/${name}`)];
  const lines = pages.flatMap((page) =>
    documentedCalls(readFileSync(join(projectRoot, page), 'utf8')).flatMap(({ args, isInText }) => {
      const isWhole = !isInText || args.length > 1;
      return isWhole && looking.includes(args[0] ?? '') ? [args.map((word) => there[word] ?? word).join(' ')] : [];
    }),
  );
  const calls = [...new Set(lines)]
    .filter((line) => !isElsewhere(line))
    .map((line) => line.replace('validate page.html', 'validate'));
  expect(calls.length).toBeGreaterThan(20);
  let printed = '';
  const write = (text: string) => {
    printed += text;
  };
  const output = {
    isTerminal: false,
    columns: undefined,
    write,
    writeBytes: async () => true,
    flush: async () => undefined,
    reader: () => new AbortController().signal,
  };
  const results: string[] = [];
  for (const line of calls) {
    printed = '';
    // In this process: to start one for each takes longer than all of them.
    const code = await runProgram(line.split(' '), {
      cwd: join(place, 'operations.md'),
      env: {},
      out: output,
      err: output,
    });
    if (code !== 0) results.push(`etl-tui ${line}: exit code ${code}\n${printed}`);
  }
  expect(results).toEqual([]);
});
