import type { CheckSpec } from '../../model/pipeline/pipeline.ts';
import { type CheckResult, withAttempts } from '../../model/run/check-result.ts';
import { sleep } from '../../platform/sleep.ts';
import type { CheckRunner } from '../../ports.ts';
import { backoffMs } from '../../scheduler/attempts/backoff.ts';

/** The answer to a check outside a run: after an error that may pass it is asked again, as in a run, unless `stop` is aborted. */
export async function askAgain(
  runner: CheckRunner,
  check: CheckSpec,
  stop: AbortSignal | undefined,
): Promise<CheckResult> {
  for (let attempt = 1; ; attempt += 1) {
    const { isTransient, ...result } = await runner.run(check);
    if (!isTransient || attempt > check.retry.retries || stop?.aborted) {
      return withAttempts(result, attempt);
    }
    await sleep(backoffMs(check.retry, attempt, 0, check.name));
  }
}
