import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../support/project-root.ts';
import { type Ended, startProgram } from './command-line.ts';

const examples = join(projectRoot, 'examples/from-other-tools');
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'etl-tui-examples-'));
  cpSync(examples, directory, { recursive: true });
});
afterAll(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));

function run(file: string): Promise<Ended> {
  return startProgram(['run', file, '--ci'], directory, {}).ended;
}

test.each(readdirSync(examples).filter((name) => name.endsWith('.yaml')))('%s runs without a warning', async (file) => {
  const { code, out, err } = await run(file);
  expect([err, code, out]).toEqual(['', 0, expect.any(String)]);
});
