import { dirname } from 'node:path';
import type { TaskId } from '../../model/ids.ts';
import type { TaskSpec } from '../../model/pipeline/pipeline.ts';
import { withLines } from '../../model/pipeline/plan.ts';
import { isReusable } from '../../model/pipeline/reusable.ts';
import { failed } from '../../model/result.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import type { LineFiles, OutputFiles } from '../../ports.ts';
import { createEffectPerformer, type EffectPerformer } from '../../runtime/perform-effects.ts';
import { existingLog } from '../../storage/logs/attempt-log-path.ts';
import { commandChecks } from '../checks/command-checks.ts';
import { type CheckParts, composeChecks } from '../checks/compose-checks.ts';
import { createConditions } from '../conditions/create-conditions.ts';
import type { RunParts } from '../parts/acquire-parts.ts';
import type { RunAdapters } from '../parts/run-adapters.ts';
import { maskedParams } from '../request/run-options.ts';
import type { RunRequest } from '../request/run-request.ts';
import { variablesInFiles } from '../request/surroundings.ts';
import { askReuseFirst } from '../reuse/ask-reuse-first.ts';
import type { ReuseKeeper } from '../reuse/reuse-keeper.ts';
import { attemptRequests, checkRequests, conditionRequests, textExpander } from './attempt-requests.ts';
import { startWhenReady } from './start-when-ready.ts';

/** What is known of earlier successes; `mayBeReused` tells of a task whether that is asked at this moment. */
type ReuseParts = {
  readonly keeper: ReuseKeeper | undefined;
  readonly mayBeReused: (task: TaskId) => boolean;
};

/** Connects the effects of a run to its ports. An attempt waits for its database, and until its outputs are recorded. */
export function createPerformer(
  request: RunRequest,
  adapters: RunAdapters,
  { run, clock, database, masking, executor, logs, runDir }: RunParts,
  ofChecks: Pick<CheckParts, 'pastOf' | 'maxOnDatabase'>,
  stateOf: () => RunState,
  reuse: ReuseParts,
): EffectPerformer {
  const { plan: planned, projectDir, pipelinePath, params, env, envFiles } = request;
  const outputs = adapters.openOutputs({ projectDir, runDir });
  let current = planned;
  // The plan of the scheduler is masked; this one follows it.
  const specOf = (task: TaskId): TaskSpec => {
    if (!current.indexOf.has(task)) current = withLines(planned, stateOf().plan.written?.values.lines);
    return current.tasks[current.indexOf.get(task)!]!.spec;
  };
  const ready = () => database?.ready();
  const remembering = startWhenReady(executor, ({ ref: { task, attempt } }) => {
    const spec = specOf(task);
    // What was there before it began, nobody knows any more.
    if (isAdopted(stateOf(), task, attempt)) return undefined;
    // Of a task that may be reused, a file counts that is there already and is left alone.
    const isWritten = spec.outputs.length > 0 && spec.reuse !== true && !isReusable(spec, request.reuse);
    return isWritten ? outputs.remember(task, spec.outputs) : undefined;
  });
  const beginning = startWhenReady(remembering, ({ ref: { task, attempt } }) =>
    isAdopted(stateOf(), task, attempt) ? undefined : reuse.keeper?.begin(task, attempt),
  );
  // What was started before for a condition or a check is not to be found again by what this process asks.
  const before = 10_000 * (request.resume === undefined ? 0 : 1 + (request.resume.state.continued?.times ?? 0));
  const sessions = database === undefined ? {} : { sessions: database.sessions };
  const context = {
    pipeline: planned.pipeline,
    ...(planned.written === undefined ? {} : { written: planned.written.pipeline }),
    specOf,
    run,
    projectDir,
    pipelineDir: dirname(pipelinePath),
    runDir,
    params,
    environment: env,
    ...(envFiles === undefined ? {} : { envFiles }),
    ...(executor.runs === 'here' ? {} : { inherited: variablesInFiles(planned.pipeline.envFiles, envFiles) }),
    ...(database === undefined ? {} : { databaseEnv: database.taskEnvironment }),
  };
  const requestOf = attemptRequests(context, (task, attempt) => existingLog(logs.path(task, attempt)));
  const ofCheck = checkRequests(context);
  const ofCondition = conditionRequests(run, requestOf, stateOf);
  const commands = commandChecks({
    executor: startWhenReady(executor, ready),
    clock,
    requestOf: (check, attempt) => ofCheck(check, before + attempt),
    ...sessions,
  });
  const conditions = createConditions({
    specOf,
    projectDir,
    executor: startWhenReady(executor, ready),
    clock,
    logs,
    requestOf: ({ time, ...of }, ...asked) => ofCondition({ ...of, time: before + time }, ...asked),
    expand: textExpander(context),
    params: maskedParams(request, masking.mask),
    ...sessions,
  });
  return createEffectPerformer(
    {
      clock,
      executor: startWhenReady(beginning, ready),
      log: logs,
      checks: masking.checks(composeChecks({ database: database?.checks, commands, ...ofChecks })),
      conditions: askReuseFirst(
        conditions,
        reuse.keeper,
        reuse.mayBeReused,
        (task) => specOf(task).onlyIf !== undefined,
      ),
      outputs: maskOutputs(outputs, masking.mask),
      lines: refuseSecrets(adapters.openLines({ projectDir, runDir }), masking.mask),
      oomKills: adapters.openOomKills(),
      ...sessions,
    },
    requestOf,
  );
}

/** Whether another process has started the attempt. */
function isAdopted({ plan, tasks }: RunState, task: TaskId, attempt: number): boolean {
  const { resumed } = entryAt(tasks, plan.indexOf.get(task)!);
  return resumed?.kind === 'adopted' && resumed.attempt === attempt;
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

/** The values of a matrix become names, which are shown everywhere. */
function refuseSecrets({ read }: LineFiles, mask: (text: string) => string): LineFiles {
  return {
    read: async (file, absent) => {
      const lines = await read(file, absent);
      if (!lines.ok) return failed(mask(lines.error));
      const at = lines.value.findIndex((line) => mask(line) !== line);
      return at === -1
        ? lines
        : failed(`line ${at + 1} of ${file} contains a secret, which cannot be a value of a matrix`);
    },
  };
}
