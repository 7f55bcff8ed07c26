import type { RunId } from '../../../src/engine/model/ids.ts';
import { firstEvent } from '../../../src/engine/storage/journal/read-journal.ts';
import { lockRun } from '../../../src/engine/storage/runs/run-lock.ts';
import { runPaths } from '../../../src/engine/storage/runs/run-paths.ts';

/** Takes the lock of each pipeline that has runs, as the next run would, and gives it back; returns what is in the way. */
export async function heldLocks(of: {
  readonly directory: string;
  readonly logDir: string;
  readonly runs: readonly RunId[];
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<readonly string[]> {
  const problems: string[] = [];
  const pipelines = new Set(of.runs.flatMap((run) => pipelineOf(of.logDir, run) ?? []));
  for (const pipeline of pipelines) {
    const lock = await lockRun({ pipeline, projectDir: of.directory, env: of.env }, '20260101_000000_next' as RunId);
    if (lock.ok) await lock.value.release();
    else problems.push(`the lock of "${pipeline}" cannot be taken: ${lock.error.message}`);
  }
  return problems;
}

function pipelineOf(logDir: string, run: RunId): string | undefined {
  const first = firstEvent(runPaths(logDir, run).journal);
  return first?.type === 'run.started' ? first.pipeline : undefined;
}
