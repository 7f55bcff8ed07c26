import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../support/project-root.ts';
import { createTestQueue } from '../support/queue.ts';
import { createProject, startCommand } from './command-line.ts';

test('a worker carries out tasks where the packages are behind a symbolic link, as pnpm makes them', async () => {
  const queue = await createTestQueue();
  const project = createProject('version: 1\nname: small\ntasks: { only: { command: "true" } }\n');
  const installed = join(project.directory, 'installed');
  mkdirSync(installed);
  for (const name of ['dist', 'package.json']) {
    cpSync(join(projectRoot, name), join(installed, name), { recursive: true });
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(installed, 'node_modules'));
  const program = join(installed, 'dist/cli/main.js');
  const worker = startCommand(process.execPath, [program, 'worker', '--slots', '1'], project.directory, queue.env);
  try {
    await worker.says('takes tasks');
    expect(await project.call(['run', '--ci', '--executor', 'queue'], queue.env)).toMatchObject({ code: 0 });
    worker.child.kill('SIGTERM');
    expect((await worker.ended).code).toBe(0);
  } finally {
    worker.child.kill('SIGKILL');
    project.remove();
    await queue.close();
  }
});
