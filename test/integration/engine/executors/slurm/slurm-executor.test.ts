import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { openSlurmExecutor } from '../../../../../src/engine/executors/slurm/slurm-executor.ts';
import { describeExecutor, type ExecutorUnderTest, shellCommands } from '../../../../support/executor-contract.ts';
import { startSlurm, type TestCluster, whyNoSlurm } from '../../../../support/slurm.ts';
import { standInEnvironment } from '../../../../support/slurm-stand-in.ts';

const why = whyNoSlurm();

async function open(env: TestCluster['env']): Promise<ExecutorUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-contract-'));
  const places = { jobs: join(directory, 'slurm'), directory: join(directory, 'tmp') };
  const opened = await openSlurmExecutor({ env, secrets: [], ...places });
  if (!opened.ok) throw new Error(opened.error.message);
  return {
    executor: opened.value,
    commands: shellCommands,
    dispose: () => rmSync(directory, { recursive: true, force: true }),
  };
}

describeExecutor('slurm, with programs that stand in for it', () => open(standInEnvironment()));

describe.skipIf(why !== undefined)(`on a cluster of Slurm${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await startSlurm();
  });
  afterAll(() => cluster?.close());

  describeExecutor('slurm', () => open(cluster.env));
});
