import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../support/project-root.ts';
import { type Ended, startProgram } from './command-line.ts';

const examples = join(projectRoot, 'examples/from-other-tools');
const day = ['-p', 'day=2026-01-31'];
/** What some of them are given. */
const options: Readonly<Record<string, readonly string[]>> = {
  'airflow.yaml': day,
  // It runs on weekdays only.
  'dagu.yaml': [...day, '-p', 'last_weekday=7'],
  'luigi.yaml': day,
  'make.yaml': ['--reuse'],
  'snakemake.yaml': ['--reuse'],
};

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'etl-tui-examples-'));
  cpSync(examples, directory, { recursive: true });
});
afterAll(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));

function run(file: string): Promise<Ended> {
  return startProgram(['run', file, '--ci', ...(options[file] ?? [])], directory, {}).ended;
}

test('the pipeline that the one of Airflow waits for succeeds', async () => {
  const { code } = await startProgram(['run', '--ci', ...day], join(directory, 'airflow'), {}).ended;
  expect(code).toBe(0);
});

test.each(readdirSync(examples).filter((name) => name.endsWith('.yaml')))('%s runs without a warning', async (file) => {
  const { code, out, err } = await run(file);
  expect([err, code, out]).toEqual(['', 0, expect.any(String)]);
});

test.each(['dvc.yaml', 'make.yaml', 'snakemake.yaml'])(
  '%s runs nothing again when nothing has changed',
  async (file) => {
    const { code, out } = await run(file);
    expect(code).toBe(0);
    expect(out).toMatch(/reused +nothing has changed since run/);
    expect(out).not.toMatch(/✓ \S+ {2,}succeeded/);
  },
);

test('luigi.yaml runs the task again that lists the entries, and none of the entries that it lists', async () => {
  const { code, out } = await run('luigi.yaml');
  expect(code).toBe(0);
  expect(out).toMatch(/✓ process_gazette +succeeded/);
  for (const entry of ['A-4859', 'A-4860', 'A-4861'])
    expect(out).toMatch(new RegExp(`fetch_entry\\[entry=${entry}\\] +reused`));
});
