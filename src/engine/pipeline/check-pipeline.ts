import { openDatabase } from '../lazy-database.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { ok, type Result } from '../model/result.ts';
import type { CheckResult } from '../model/run/check-result.ts';
import type { CheckState } from '../model/run/run-state.ts';
import { systemClock } from '../platform/system-clock.ts';
import { type ConsistencyReport, consistencyReport } from '../results/consistency-report.ts';
import { maskRun } from '../run/parts/run-masking.ts';
import type { RunRequest } from '../run/request/run-request.ts';
import { initialState } from '../scheduler/state/initial-state.ts';
import { newRunId } from '../storage/runs/run-id.ts';

export type CheckRequest = Pick<RunRequest, 'plan' | 'projectDir' | 'env' | 'onProgress' | 'onWarning'> & {
  /** Told of each check as it is answered. */
  readonly onChecked?: (result: CheckResult) => void;
};

/**
 * Asks all checks of a plan, whatever its tasks have done; nothing is run and nothing is written. Errors: those of
 * `openDatabase`.
 */
export async function checkPipeline(request: CheckRequest): Promise<Result<ConsistencyReport, Diagnostic>> {
  const { plan, projectDir, env, onProgress, onWarning, onChecked } = request;
  const clock = systemClock();
  const run = newRunId(clock.now(), Math.random);
  const state = initialState(plan, { run, seed: 0, maxParallel: 1, sequential: false, runChecks: true });
  if (plan.checks.length === 0) return ok(consistencyReport(state, clock.now()));
  const database = await openDatabase({
    projectDir,
    env,
    applicationName: `etl-tui:check:${run}`,
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(onWarning === undefined ? {} : { onWarning }),
  });
  if (!database.ok) return database;
  const masking = maskRun({ plan, env, params: new Map() }, database.value.secrets);
  const runner = masking.checks(database.value.checks);
  try {
    const checks = await Promise.all(
      plan.checks.map(async ({ spec }): Promise<CheckState> => {
        const result = await runner.run(spec);
        onChecked?.(result);
        return { kind: 'done', result };
      }),
    );
    return ok(consistencyReport({ ...state, checks }, clock.now()));
  } finally {
    await database.value.close();
  }
}
