import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalExecutor } from '../../../../../src/engine/executors/local/local-executor.ts';
import { describeExecutor, shellCommands } from '../../../../support/executor-contract.ts';

describeExecutor('local', () => {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-contract-'));
  const opened = openLocalExecutor({ env: process.env, secrets: [], directory, slots: 2 });
  if (!opened.ok) throw new Error(opened.error.message);
  return {
    executor: opened.value,
    commands: shellCommands,
    dispose: () => rmSync(directory, { recursive: true, force: true }),
  };
});
