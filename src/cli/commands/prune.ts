import { describePruning, describeQueuePruning } from '../../display/prune-text.ts';
import {
  type Diagnostic,
  type EpochMs,
  formatSize,
  parseAge,
  parseSize,
  pruneQueue,
  pruneRuns,
  type Retention,
} from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { Invocation } from '../invocation.ts';
import { safeJson } from '../output/safe-json.ts';
import { tableLines } from '../output/table.ts';
import { logDirOf, refuse, type StoredRunOptions } from '../stored-runs/stored-runs.ts';

export type PruneOptions = StoredRunOptions & {
  readonly keepRuns?: number;
  readonly olderThan?: string;
  readonly maxSize?: string;
  readonly dryRun?: true;
};

const maxListed = 20;

/**
 * Deletes the logs and results of old runs of a log directory, whichever pipeline they are of; and with ETL_TUI_QUEUE the same
 * runs in the queue, and all that are older there.
 */
export async function prune(options: PruneOptions, invocation: Invocation): Promise<number> {
  const { out } = invocation;
  const { dryRun = false } = options;
  const retention = retentionOf(options);
  if ('code' in retention) return refuse(retention, options, invocation);
  const logDir = logDirOf(options, invocation);
  const report = await pruneRuns({ logDir, retention, dryRun, now: Date.now() as EpochMs });
  const { deleted } = report;
  const runs = deleted.map(({ run_id }) => run_id);
  const { olderThanMs } = retention;
  const inQueue = invocation.env['ETL_TUI_QUEUE']
    ? await pruneQueue(invocation.env, { runs, dryRun, ...(olderThanMs === undefined ? {} : { olderThanMs }) })
    : undefined;
  const errors = inQueue === undefined || inQueue.ok ? report.errors : [...report.errors, inQueue.error];
  const queue = inQueue?.ok ? { queue: inQueue.value } : {};
  if (options.json === true) out.write(`${safeJson({ dry_run: dryRun, ...report, ...queue, errors }, 2)}\n`);
  else {
    const shown = deleted.slice(0, maxListed).map(({ run_id, bytes }) => [run_id, formatSize(bytes)]);
    const more = deleted.length - shown.length;
    const lines = [...tableLines(shown, [1]), ...(more === 0 ? [] : [`and ${more} more`])];
    const ofQueue = inQueue?.ok ? [describeQueuePruning(inQueue.value, dryRun)] : [];
    out.write(`${[...lines, describePruning(report, dryRun), ...ofQueue].join('\n')}\n`);
  }
  showDiagnostics(errors, options, invocation);
  return errors.length === 0 ? exitCodes.success : exitCodes.taskFailed;
}

function retentionOf({ keepRuns, olderThan, maxSize }: PruneOptions): Retention | Diagnostic {
  if (keepRuns === undefined && olderThan === undefined && maxSize === undefined) return noRule;
  const olderThanMs = olderThan === undefined ? undefined : parseAge(olderThan);
  if (olderThan !== undefined && !olderThanMs)
    return badValue('--older-than', olderThan, 'a duration such as 12h or 30d');
  const maxBytes = maxSize === undefined ? undefined : parseSize(maxSize);
  if (maxSize !== undefined && !maxBytes) return badValue('--max-size', maxSize, 'a size such as 500MB or 5GB');
  return {
    ...(keepRuns === undefined ? {} : { keepRuns }),
    ...(olderThanMs === undefined ? {} : { olderThanMs }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  };
}

const noRule: Diagnostic = {
  code: 'usage/bad-argument',
  severity: 'error',
  message: 'prune needs a rule',
  hint: 'use --keep-runs N, --older-than 30d or --max-size 5GB; --dry-run prints what would be deleted',
};

function badValue(option: string, given: string, form: string): Diagnostic {
  return {
    code: 'usage/bad-argument',
    severity: 'error',
    message: `${option} cannot be "${given}"`,
    hint: `it takes ${form}`,
  };
}
