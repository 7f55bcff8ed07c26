import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createProject, program, startCommand } from './command-line.ts';

const megabyte = 2 ** 20;
/** Enough for the program itself and one of the tasks, and not for two of them. */
const limitBytes = 420 * megabyte;

const group = createGroup();

/** Holds 200 MB until the kernel has ended one of those that do. */
const hold = `const { readFileSync } = require('node:fs');
const held = Buffer.alloc(200 * ${megabyte}, 1);
const timer = setInterval(() => {
  if (!/^oom_kill [1-9]/m.test(readFileSync('${group?.events}', 'utf8'))) return;
  clearInterval(timer);
  console.log(held.length);
}, 100);
`;

test.skipIf(group === undefined)(
  'a task that the kernel ended for lack of memory runs again alone, without being charged for it',
  async () => {
    const project = createProject(`
version: 1
name: hungry
limits: { max_parallel: 4, memory: 1 }
tasks:
  one: { command: [node, hold.cjs] }
  two: { command: [node, hold.cjs] }
`);
    writeFileSync(join(project.directory, 'hold.cjs'), hold);
    onTestFinished(project.remove);
    onTestFinished(() => group?.remove());
    const script = `echo $$ > "${group?.processes}" && exec "${process.execPath}" "${program}" run --ci`;
    const ended = await startCommand('bash', ['-c', script], project.directory, {}).ended;
    expect(group?.kills()).toBeGreaterThan(0);
    expect(ended.out).toMatch(/↻ (one|two) +retrying .*memory/);
    expect(ended.out.match(/✓ (one|two) +succeeded/g)).toHaveLength(2);
    await expectCleanAftermath({ directory: project.directory, ended, exitCodes: [0] });
  },
);

type Group = { readonly processes: string; readonly events: string; kills(): number; remove(): void };

/** A control group with a limit of memory; undefined where this user may not make one. */
function createGroup(): Group | undefined {
  for (const [parent, limit, events] of [
    ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes', 'memory.oom_control'],
    ['/sys/fs/cgroup', 'memory.max', 'memory.events'],
  ] as const) {
    const directory = join(parent, `etl-tui-test-${process.pid}`);
    const eventsPath = join(directory, events);
    try {
      mkdirSync(directory);
    } catch {
      continue;
    }
    try {
      writeFileSync(join(directory, limit), String(limitBytes));
      const kills = () => Number(/^oom_kill (\d+)$/m.exec(readFileSync(eventsPath, 'utf8'))?.[1] ?? Number.NaN);
      if (Number.isNaN(kills())) throw new Error('it does not count');
      const processes = join(directory, 'cgroup.procs');
      return { processes, events: eventsPath, kills, remove: () => rmdirSync(directory) };
    } catch {
      rmdirSync(directory);
    }
  }
  return undefined;
}
