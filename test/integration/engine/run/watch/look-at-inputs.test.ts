import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lookAtInputs } from '../../../../../src/engine/run/watch/look-at-inputs.ts';
import { sketchPlan } from '../../../../support/pipeline-builder.ts';

let projectDir: string;

beforeEach(() => {
  projectDir = mkdtempSync(join(tmpdir(), 'inputs-'));
});
afterEach(() => rmSync(projectDir, { recursive: true, force: true }));

function write(name: string): void {
  mkdirSync(join(projectDir, name, '..'), { recursive: true });
  writeFileSync(join(projectDir, name), '');
}

test('the inputs of tasks are found with those who read them, without what tasks write themselves', async () => {
  const plan = sketchPlan({
    tasks: {
      load: { inputs: ['raw/**/*.csv', 'load.sql'], outputs: ['loaded.csv'] },
      also: { inputs: ['raw/a.csv', 'missing.csv'] },
      merge: { after: ['load'], inputs: ['loaded.csv', '$ETL_RUN_DIR/x.csv'] },
    },
  });
  for (const name of ['raw/a.csv', 'raw/deep/b.csv', 'raw/c.txt', 'load.sql', 'loaded.csv']) write(name);
  const { marks, readers, directories } = await lookAtInputs({ plan, projectDir });
  expect([...marks.keys()].sort()).toEqual(['load.sql', 'raw/a.csv', 'raw/deep/b.csv']);
  expect([...(readers.get('raw/a.csv') ?? [])].sort()).toEqual(['also', 'load']);
  expect([...(readers.get('missing.csv') ?? [])]).toEqual(['also']);
  expect([...directories].sort()).toEqual(['', '/raw', '/raw/deep'].map((below) => `${projectDir}${below}`));
});
