import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalExecutor } from '../../../../../src/engine/executors/local/local-executor.ts';
import type { Command } from '../../../../../src/engine/model/pipeline/pipeline.ts';
import { describeExecutor } from '../../../../support/executor-contract.ts';

const script = (text: string): Command => ({ kind: 'shell', script: text });

describeExecutor('local', () => {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-contract-'));
  const opened = openLocalExecutor({ env: process.env, secrets: [], directory, slots: 2 });
  if (!opened.ok) throw new Error(opened.error.message);
  return {
    executor: opened.value,
    commands: {
      print: (text, code) => script(`printf %s '${text}'; printf %s '${text}' >&2; exit ${code}`),
      runUntilTerminated: script('printf ready; exec sleep 300'),
      ignoreSigterm: script("trap '' TERM; printf ready; while :; do sleep 0.05; done"),
      unknown: { kind: 'argv', argv: ['no-such-program'] },
    },
    dispose: () => rmSync(directory, { recursive: true, force: true }),
  };
});
