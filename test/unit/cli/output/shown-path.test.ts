import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { annotatedPath } from '../../../../src/cli/output/shown-path.ts';

const directory = mkdtempSync(join(tmpdir(), 'etl-tui-annotated-'));
const workspace = join(directory, 'repository');
const cwd = join(workspace, 'jobs/nightly');
mkdirSync(cwd, { recursive: true });
writeFileSync(join(cwd, 'pipeline.yaml'), '');
symlinkSync(workspace, join(directory, 'link'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('a file is named by its path in the repository, not in the working directory', () => {
  expect(annotatedPath('pipeline.yaml', cwd, workspace)).toBe('jobs/nightly/pipeline.yaml');
  expect(annotatedPath(join(cwd, 'pipeline.yaml'), directory, workspace)).toBe('jobs/nightly/pipeline.yaml');
  expect(annotatedPath('pipeline.yaml', cwd, join(directory, 'link'))).toBe('jobs/nightly/pipeline.yaml');
});

test('a file outside the repository, or without one, keeps its path', () => {
  expect(annotatedPath('pipeline.yaml', cwd, undefined)).toBe('pipeline.yaml');
  expect(annotatedPath('pipeline.yaml', cwd, '')).toBe('pipeline.yaml');
  expect(annotatedPath('../pipeline.yaml', workspace, cwd)).toBe('../pipeline.yaml');
});
