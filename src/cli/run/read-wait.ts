import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Diagnostic, failed, ok, parseDuration, type Result, type RunRequest } from '../../engine/index.ts';

/** What a call says of the pipeline, and how long another run of it is waited for. */
type Waiting = { readonly named: string | undefined; readonly wait?: NonNullable<RunRequest['wait']> };

/**
 * Reads `--wait`, `--wait=2h` and `--wait FILE`, which means the file: no duration is one. Errors: `usage/bad-argument`.
 * @param wait true without a value
 */
export function readWait(
  named: string | undefined,
  wait: string | true | undefined,
  cwd: string,
): Result<Waiting, Diagnostic> {
  if (wait === undefined) return ok({ named });
  if (wait === true) return ok({ named, wait: {} });
  const maxMs = parseDuration(wait);
  if (maxMs !== undefined) return ok({ named, wait: { maxMs } });
  if (named === undefined && existsSync(resolve(cwd, wait))) return ok({ named: wait, wait: {} });
  return failed({
    code: 'usage/bad-argument',
    severity: 'error',
    message: `--wait cannot be "${wait}"`,
    hint: 'it takes a duration such as 30s, 10m or 2h; without one there is no limit',
  });
}
