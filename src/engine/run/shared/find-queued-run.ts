import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import type { ResumeWish } from '../resume/find-resumable-run.ts';
import { hasSucceeded, ofAnother } from '../resume/refuse-resume.ts';
import type { ResumableRun } from '../resume/resumable-run.ts';
import { readQueuedRun } from './queued-run.ts';

/**
 * Finds the run that is to be resumed, or followed while another process drives it, in the queue. Errors: those of the queue,
 * `run/unknown-run`, `usage/cannot-resume` (it succeeded, or is of another pipeline), `run/newer-journal`.
 */
export async function findQueuedRun(
  { pipeline, named }: Pick<ResumeWish, 'pipeline' | 'named'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Result<ResumableRun, Diagnostic>> {
  const { openRunsClient, findRow } = await import('../parts/queue-adapters.ts');
  const opened = await openRunsClient(env);
  if (!opened.ok) return opened;
  try {
    const of = named === undefined || named === 'latest' ? { pipeline } : { run: named };
    const row = await findRow(opened.value, of);
    if (!row.ok) return row;
    if (row.value === undefined) return failed(unknown(pipeline, named));
    const { run } = row.value;
    if (row.value.pipeline !== pipeline) return failed(ofAnother(run, row.value.pipeline, pipeline));
    const read = await readQueuedRun(opened.value, row.value);
    if (!read.ok) return read;
    const { phase } = read.value.state;
    const isDone = phase.kind === 'finished' && phase.status === 'success';
    return isDone ? failed(hasSucceeded(run, pipeline, named === undefined)) : ok(read.value);
  } finally {
    await opened.value.close();
  }
}

function unknown(pipeline: string, named: string | undefined): Diagnostic {
  return {
    code: 'run/unknown-run',
    severity: 'error',
    message: `there is no run ${named === undefined ? `of pipeline "${pipeline}"` : `"${named}"`} in the queue`,
    hint: 'start one with etl-tui run --executor queue; runs of this machine alone are resumed without --executor queue',
  };
}
