import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { openProcessRunner } from '../../../../../src/engine/executors/process/process-runner.ts';
import type { HostId, RunId, TaskId } from '../../../../../src/engine/model/ids.ts';

it('masks what is a secret of one attempt only, beside what is one of all', async () => {
  const directory = mkdtempSync(`${tmpdir()}/etl-tui-process-`);
  const options = { host: 'here' as HostId, slots: 1, env: process.env, secrets: ['of-the-runner'], directory };
  const opened = openProcessRunner(options);
  if (!opened.ok) throw new Error(opened.error.message);
  const runner = opened.value;
  let attempt = 0;
  const print = (secrets?: readonly string[]) =>
    new Promise<string>((resolve) => {
      let seen = '';
      attempt += 1;
      runner.run(
        {
          ref: { run: '20260105_120000_test' as RunId, task: 'print' as TaskId, attempt },
          command: { kind: 'argv', argv: ['echo', 'of-the-runner of-attempt-1 of-attempt-2'] },
          cwd: directory,
          env: {},
          killGraceMs: 1_000,
        },
        {
          spawned: () => {},
          reported: () => {},
          output: (_, chunk) => {
            seen += Buffer.from(chunk).toString();
          },
          exited: () => resolve(seen),
        },
        secrets,
      );
    });
  try {
    expect(await print(['of-attempt-1'])).toBe('*** *** of-attempt-2\n');
    expect(await print(['of-attempt-2'])).toBe('*** of-attempt-1 ***\n');
    expect(await print()).toBe('*** of-attempt-1 of-attempt-2\n');
  } finally {
    await runner.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
