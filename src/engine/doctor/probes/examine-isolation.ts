import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalExecutor } from '../../executors/local/local-executor.ts';
import type { RunId } from '../../model/ids.ts';
import { makeTemporaryDirectory } from '../../platform/private-files.ts';
import { refuseIsolation } from '../../run/preflight/refuse-isolation.ts';
import { writeError } from '../../storage/fs/cannot-write.ts';
import type { Probe } from '../probe.ts';
import { fine, type ProbeResult, resultFrom } from '../probe-result.ts';

/** Whether the machine gives tasks a PID namespace, when some are to have one: tried with a task that does nothing. */
export const examineIsolation: Probe = async ({ pipeline, env }) => {
  if (pipeline?.plan.tasks.some(({ spec, skip }) => spec.isolation !== undefined && !skip) !== true) return [];
  let directory: string;
  try {
    directory = makeTemporaryDirectory(join(tmpdir(), 'etl-tui-doctor-'));
  } catch (error) {
    return [resultFrom('isolation', writeError(tmpdir(), error, 'set TMPDIR to another directory'))];
  }
  try {
    return await tryIn(directory, pipeline.plan, env);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

type Tried = Parameters<typeof refuseIsolation>[0];

async function tryIn(
  directory: string,
  plan: Tried,
  env: Parameters<Probe>[0]['env'],
): Promise<readonly ProbeResult[]> {
  const executor = openLocalExecutor({ env, secrets: [], directory, slots: 1 });
  // Without bash, which is told already.
  if (!executor.ok) return [];
  try {
    const refusal = await refuseIsolation(plan, 'doctor' as RunId, executor.value);
    return [
      refusal === undefined
        ? fine('isolation', 'tasks get PID namespaces of their own')
        : resultFrom('isolation', refusal),
    ];
  } finally {
    await executor.value.close();
  }
}
