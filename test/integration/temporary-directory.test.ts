import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { expect, test } from 'vitest';

test('temporary files of tests are in one directory per test run, which is removed at its end', () => {
  expect(basename(tmpdir())).toMatch(/^etl-[A-Za-z0-9]{6}$/);
  expect(statSync(tmpdir()).mode & 0o1777).toBe(0o1777);
});
