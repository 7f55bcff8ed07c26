import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createProject, type Ended, type Project, program, type Running, startCommand } from './command-line.ts';

const pipeline = `
version: 1
name: shop
tasks:
  first: { command: "seq 1 1000; until test -e go; do sleep 0.05; done" }
  second: { command: "seq 1 1000", dependencies: [first] }
`;

describe('a reader that has gone', () => {
  let project: Project;
  let run: Running | undefined;

  beforeEach(() => {
    project = createProject(pipeline);
  });

  afterEach(async () => {
    writeFileSync(join(project.directory, 'go'), '');
    await run?.ended;
    run = undefined;
    project.remove();
  });

  /** What `head` prints of the call, and how the call itself has ended: 124 when it never did. */
  async function headOf(words: string): Promise<Pick<Ended, 'out' | 'err'> & { readonly code: number }> {
    const line = `timeout 120 "${process.execPath}" "${program}" ${words} | head -n 1; exit "\${PIPESTATUS[0]}"`;
    const { code, out, err } = await startCommand('bash', ['-c', line], project.directory, {}).ended;
    return { code: code ?? -1, out, err };
  }

  test('ends a watch although nothing more is printed', async () => {
    const { code, out, err } = await headOf('watch');
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')).toHaveLength(2);
  });

  test.each(['logs -f latest first', 'logs -f latest'])('ends %s, although the task is silent', async (words) => {
    run = project.start(['run', '--ci']);
    await run.says('run ');
    await expect
      .poll(async () => (await project.call(['logs', 'latest', 'first'])).out, { timeout: 60_000 })
      .toContain('1000');
    const { code, err } = await headOf(words);
    expect([code, err]).toEqual([0, '']);
  });

  test.each(['plan', 'graph', 'history', 'validate --format json', 'show latest', 'logs latest first'])(
    'is no failure of %s',
    async (words) => {
      writeFileSync(join(project.directory, 'go'), '');
      await project.call(['run', '--ci']);
      const { code, err } = await headOf(words);
      expect([code, err]).toEqual([0, '']);
    },
  );

  test('does not end a run', async () => {
    writeFileSync(join(project.directory, 'go'), '');
    expect(await headOf('run --ci')).toMatchObject({ code: 0, err: '' });
    const { out } = await project.call(['history', '--json']);
    expect(JSON.parse(out)).toMatchObject([{ status: 'success' }]);
  });
});
