import type { EpochMs, RunId } from '../../model/ids.ts';
import { withDeadline } from '../../platform/with-deadline.ts';
import type { PruneReport } from '../../runs/pruning/prune-runs.ts';
import type { RunRequest } from '../request/run-request.ts';

/** So long runs are deleted at the end of a run; what is left is left to the next one. */
const pruningMs = 10_000;
/** A disk that does not answer holds nothing up for longer. */
const patienceMs = 15_000;

/**
 * Deletes the runs of this pipeline that its `retention` gives up, without `run` itself. Undefined when it has none, or when
 * the disk does not answer. Never rejects.
 */
export async function applyRetention(
  { plan, logDir }: RunRequest,
  run: RunId,
  now: EpochMs,
): Promise<PruneReport | undefined> {
  const { retention, name: pipeline } = plan.pipeline;
  if (retention === undefined) return undefined;
  // Loaded late: most pipelines have none.
  const { pruneRuns } = await import('../../runs/pruning/prune-runs.ts');
  const signal = AbortSignal.timeout(pruningMs);
  return withDeadline(
    pruneRuns({ logDir, retention, pipeline, spared: run, now, signal }),
    patienceMs,
    () => undefined,
  );
}
