import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { formatAttemptRef } from '../../model/ids.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import type { QueueClient } from '../../queue/queue-client.ts';
import type { QueuedPlan } from '../../queue/runs/queue-journal.ts';
import { collectAttempts } from '../../runs/logged-attempts.ts';
import { writeError } from '../../storage/fs/cannot-write.ts';
import { makeLogDirectory, makePrivateDirectory } from '../../storage/fs/private-directory.ts';
import { writeFileAtomically } from '../../storage/fs/write-file-atomically.ts';
import { journalHeader } from '../../storage/journal/journal.ts';
import { encodeRecord } from '../../storage/journal/journal-record.ts';
import { attemptLogPath } from '../../storage/logs/attempt-log-path.ts';
import { openOutputLog } from '../../storage/logs/output-log.ts';
import { isRunAlive } from '../../storage/runs/heartbeat.ts';
import { pipelineText } from '../../storage/runs/run-directory.ts';
import { pipelineCopy, type RunPaths, runPaths } from '../../storage/runs/run-paths.ts';
import type { QueuedRun } from './queued-run.ts';

/**
 * Makes the directory of a run in the log directory of this machine what the queue says: its pipelines, its journal, and the
 * output of attempts that are over, as far as it is still there. A directory into which a living process writes is left alone.
 * Errors: those of writing, `queue/unreachable`.
 */
export async function copyQueuedRun(
  client: QueueClient,
  logDir: string,
  queued: QueuedRun,
): Promise<Result<void, Diagnostic>> {
  const paths = runPaths(logDir, queued.run);
  if (isRunAlive(paths.directory)) return ok(undefined);
  let at = logDir;
  try {
    makeLogDirectory(at);
    for (at of [dirname(paths.directory), dirname(paths.performance), paths.directory, paths.tasks])
      makePrivateDirectory(at);
  } catch (error) {
    return failed(writeError(at, error));
  }
  const plans = await copyPlans(paths, queued.stored.plans);
  if (!plans.ok) return plans;
  const records = [journalHeader, ...queued.stored.events.map(({ event }) => event)];
  const lines = records.map((record, seq) => encodeRecord(seq, record));
  const written = await writeFileAtomically(paths.journal, lines.join(''));
  return written.ok ? copyOutput(client, paths.tasks, queued) : written;
}

/** Errors: those of writing. */
export async function copyPlans(paths: RunPaths, plans: readonly QueuedPlan[]): Promise<Result<void, Diagnostic>> {
  for (const { number, hash, text, stored } of plans) {
    const copy = pipelineCopy(paths, number);
    for (const [path, content] of [
      [copy.pipeline, pipelineText({ text, stored, planHash: hash })],
      [copy.stored, stored],
    ] as const) {
      const written = await writeFileAtomically(path, content);
      if (!written.ok) return written;
    }
  }
  return ok(undefined);
}

async function copyOutput(
  client: QueueClient,
  tasks: string,
  { run, events }: QueuedRun,
): Promise<Result<void, Diagnostic>> {
  const { attemptsWithOutput, readOutput } = await import('../../queue/runs/read-attempt-output.ts');
  const printed = await attemptsWithOutput(client, run);
  if (!printed.ok) return printed;
  const attempts = collectAttempts();
  for (const event of events) attempts.add(event);
  const warnings: Diagnostic[] = [];
  const logs = openOutputLog(tasks, (warning) => warnings.push(warning));
  try {
    for (const { task, attempt, isOver } of attempts.list) {
      const key = formatAttemptRef({ run, task, attempt });
      if (!isOver || !printed.value.has(key) || existsSync(attemptLogPath(tasks, task, attempt))) continue;
      const log = logs.open(task, attempt);
      const read = await readOutput(client, key, (stream, chunk) => log.write(stream, chunk));
      log.close();
      if (!read.ok) return read;
    }
  } finally {
    logs.close();
  }
  const [first] = warnings;
  return first === undefined ? ok(undefined) : failed({ ...first, severity: 'error' });
}
