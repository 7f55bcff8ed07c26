import { expect, test } from 'vitest';
import { createProject } from './command-line.ts';

test('texts beyond ASCII are aligned on versions of Node that cannot require an ES module', async () => {
  const project = createProject('version: 1\nname: x\ntasks:\n  a: { command: "true", größe: 1 }\n');
  try {
    // Node 22 before 22.12 is such a version.
    const env = { NODE_OPTIONS: '--no-experimental-require-module' };
    const { out, code } = await project.call(['validate'], env);
    expect(out).toContain('größe: 1');
    expect(code).toBe(2);
    expect((await project.call(['validate'])).out).toBe(out);
  } finally {
    project.remove();
  }
});
