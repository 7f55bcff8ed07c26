import { dirname } from 'node:path';
import type { CheckRunner, OutputFiles } from '../../ports.ts';
import { createEffectPerformer, type EffectPerformer } from '../../runtime/perform-effects.ts';
import type { RunParts } from '../parts/acquire-parts.ts';
import type { RunAdapters } from '../parts/run-adapters.ts';
import type { RunRequest } from '../request/run-request.ts';
import { attemptRequests } from './attempt-requests.ts';
import { startWhenReady } from './start-when-ready.ts';

/** Connects the effects of a run to its ports. An attempt waits for its database, and until its outputs are recorded. */
export function createPerformer(
  { plan, projectDir, pipelinePath, params, env }: RunRequest,
  adapters: RunAdapters,
  { run, clock, database, masking, executor, logs }: RunParts,
): EffectPerformer {
  const outputs = adapters.openOutputs(projectDir);
  const remembering = startWhenReady(executor, ({ ref: { task } }) => {
    const promised = plan.tasks[plan.indexOf.get(task)!]!.spec.outputs;
    return promised.length === 0 ? undefined : outputs.remember(task, promised);
  });
  return createEffectPerformer(
    {
      clock,
      executor: startWhenReady(remembering, () => database?.ready()),
      log: logs,
      checks: masking.checks(database?.checks ?? noDatabase),
      outputs: maskOutputs(outputs, masking.mask),
      oomKills: adapters.openOomKills(),
      ...(database === undefined ? {} : { sessions: database.sessions }),
    },
    attemptRequests({
      plan,
      run,
      projectDir,
      pipelineDir: dirname(pipelinePath),
      params,
      environment: env,
      ...(database === undefined ? {} : { databaseEnv: database.taskEnvironment }),
    }),
  );
}

/** The name of a file that a pattern matched may hold a secret. */
function maskOutputs(outputs: OutputFiles, mask: (text: string) => string): OutputFiles {
  return {
    ...outputs,
    firstMissing: async (task, paths) => {
      const missing = await outputs.firstMissing(task, paths);
      return missing === undefined ? undefined : { ...missing, path: mask(missing.path) };
    },
  };
}

/** Never called: a plan with checks has a database. */
const noDatabase: CheckRunner = {
  run: (check) => Promise.reject(new Error(`check "${check.name}" was run without a database`)),
};
