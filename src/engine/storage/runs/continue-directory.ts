import { readFileSync } from 'node:fs';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import type { Journal } from '../../ports.ts';
import { writeFileAtomically } from '../fs/write-file-atomically.ts';
import { continueJournal } from '../journal/continue-journal.ts';
import { readJournal } from '../journal/read-journal.ts';
import { isRunAlive } from './heartbeat.ts';
import { type NewRun, pipelineText } from './run-directory.ts';
import { pipelineCopy, type RunPaths, runPaths } from './run-paths.ts';

export type FormerRun = NewRun & {
  /** How many events its journal was seen to have. */
  readonly events: number;
  /** The hashes of the plans that it had, by their numbers from 1. */
  readonly planHashes: readonly string[];
};

/** Where a run goes on. */
export type ContinuedDirectory = {
  readonly files: RunPaths;
  readonly journal: Journal;
  /** The number of the pipeline copy that holds from here on. */
  readonly plan: number;
};

/**
 * Opens the directory and the journal of a run with which this process carries on; the caller holds the lock of its pipeline.
 * A pipeline that it has not had yet is stored beside the others. Errors: `run/locked`, when another process has carried on with it
 * meanwhile, and those of writing.
 */
export async function continueRunDirectory(former: FormerRun): Promise<Result<ContinuedDirectory, Diagnostic>> {
  const files = runPaths(former.logDir, former.run);
  const reading = readJournal(files.journal);
  if (!reading.ok) return reading;
  if (isRunAlive(files.directory) || reading.value.events.length !== former.events)
    return failed(hasGoneOn(former.run));
  const plan = await storeCopy(files, former);
  if (!plan.ok) return plan;
  const journal = continueJournal(files.journal, reading.value);
  return journal.ok ? ok({ files, journal: journal.value, plan: plan.value }) : journal;
}

/** The number of the copy, which may be there already. */
async function storeCopy(files: RunPaths, { pipeline, planHashes }: FormerRun): Promise<Result<number, Diagnostic>> {
  const known = planHashes.findIndex(
    (hash, index) => hash === pipeline.planHash && readText(pipelineCopy(files, index + 1).stored) === pipeline.stored,
  );
  if (known >= 0) return ok(known + 1);
  const number = planHashes.length + 1;
  const copy = pipelineCopy(files, number);
  // A process that died before it carried on with the run may have left such files; no event names them.
  for (const [path, text] of [
    [copy.pipeline, pipelineText(pipeline)],
    [copy.stored, pipeline.stored],
  ] as const) {
    const written = await writeFileAtomically(path, text);
    if (!written.ok) return written;
  }
  return ok(number);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function hasGoneOn(run: RunId): Diagnostic {
  return {
    code: 'run/locked',
    severity: 'error',
    message: `another process has resumed run ${run}`,
    hint: `see its progress with etl-tui show ${run}`,
  };
}
