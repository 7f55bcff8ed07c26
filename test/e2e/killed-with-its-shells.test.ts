import { readdirSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { textOf } from '../integration/engine/executors/local/leftover-processes.ts';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, type Project } from './command-line.ts';

const pipeline = `
version: 1
name: nightly
defaults: { kill_grace: 300ms }
tasks:
  pipe: { command: "touch pipe; sleep 300 | cat" }
  deaf: { command: "trap '' TERM; touch deaf; sleep 300; :" }
  daemon: { command: "setsid sleep 300 >/dev/null 2>&1 & touch daemon; sleep 300; :" }
`;

let project: Project;
afterEach(() => project.remove());

/** The children of a process, with their command lines; empty that of one which has ended meanwhile. */
function childrenOf(pid: number): readonly { readonly pid: number; readonly line: string }[] {
  const children = textOf(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return children.map((child) => ({ pid: child, line: textOf(child, 'cmdline') }));
}

test.each([
  ['the guardian is stopped', 'SIGSTOP', /etl-tui-guardian/],
  ['the slots are killed', 'SIGKILL', /etl-tui-slot/],
] as const)('a run that is killed leaves nothing, although %s at the same moment', async (_, signal, shells) => {
  project = createProject(pipeline);
  const { child, ended } = project.start(['run']);
  const files = () => readdirSync(project.directory);
  await expect.poll(files).toEqual(expect.arrayContaining(['pipe', 'deaf', 'daemon']));
  const found = childrenOf(child.pid!).filter(({ line }) => shells.test(line));
  expect(found).not.toEqual([]);
  for (const { pid } of found) process.kill(pid, signal);
  child.kill('SIGKILL');
  await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [null] });
});
