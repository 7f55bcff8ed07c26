import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findPipeline } from '../../../src/engine/pipeline/find-pipeline.ts';

let home: string;

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'etl-tui-find-')));
  mkdirSync(join(home, 'etl/config'), { recursive: true });
  mkdirSync(join(home, 'deep/er'), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true }));

it('finds the pipeline of a project from any directory below it', () => {
  writeFileSync(join(home, 'etl/config/pipeline_dag.yaml'), 'version: 1\n');
  writeFileSync(join(home, 'pipeline.yaml'), 'name: the other\n');
  expect(findPipeline(undefined, join(home, 'deep/er'))).toMatchObject({
    ok: true,
    value: { path: join(home, 'etl/config/pipeline_dag.yaml'), projectDir: home, text: 'version: 1\n' },
  });
});

it('prefers the nearest directory', () => {
  writeFileSync(join(home, 'etl/config/pipeline_dag.yaml'), '');
  writeFileSync(join(home, 'deep/pipeline.yaml'), '');
  expect(findPipeline(undefined, join(home, 'deep/er'))).toMatchObject({ value: { projectDir: join(home, 'deep') } });
});

it('takes the working directory as the project of a file given by name', () => {
  writeFileSync(join(home, 'deep/er/mine.yaml'), '');
  expect(findPipeline('deep/er/mine.yaml', home)).toMatchObject({
    value: { file: join('deep', 'er', 'mine.yaml'), projectDir: home },
  });
});

it('takes a directory given by name as the project, with its pipeline', () => {
  writeFileSync(join(home, 'deep/pipeline.yaml'), '');
  expect(findPipeline('deep', home)).toMatchObject({
    value: { file: join('deep', 'pipeline.yaml'), projectDir: join(home, 'deep') },
  });
  expect(findPipeline('.', join(home, 'deep'))).toMatchObject({
    value: { file: 'pipeline.yaml', projectDir: join(home, 'deep') },
  });
});

it('says why a file cannot be read', () => {
  writeFileSync(join(home, 'latin.yaml'), Buffer.from([0x6e, 0xe9]));
  expect(findPipeline('absent.yaml', home)).toMatchObject({
    error: { code: 'usage/no-pipeline', message: 'there is no file "absent.yaml"' },
  });
  expect(findPipeline('deep', home)).toMatchObject({
    error: {
      code: 'usage/no-pipeline',
      message: '"deep" is a directory without a pipeline file: neither etl/config/pipeline_dag.yaml nor pipeline.yaml',
    },
  });
  expect(findPipeline('latin.yaml', home)).toMatchObject({
    error: { code: 'spec/unreadable', message: '"latin.yaml" cannot be read: it is not text in UTF-8' },
  });
});
