import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunId } from '../../model/ids.ts';
import { stateDirectory } from '../../platform/state-directory.ts';
import { resumeCommand } from '../../runs/resume-command.ts';
import { copiesIn } from '../../runs/stored-plans.ts';
import { lockState } from '../../storage/locks/lock-file.ts';
import { describeHolder, type LockRecord, placeOf } from '../../storage/locks/lock-record.ts';
import { wasInterrupted } from '../../storage/runs/heartbeat.ts';
import { runPaths } from '../../storage/runs/run-paths.ts';
import { decodePipeline } from '../../storage/runs/stored-pipeline.ts';
import type { Probe } from '../probe.ts';
import { fine, type ProbeResult, resultFrom, resultOf } from '../probe-result.ts';

/** Who runs a pipeline of the project, and which runs died without giving their lock back. Locks stay as they are. */
export const examineLocks: Probe = async ({ projectDir, logDir, env }) => {
  const { path: directory } = stateDirectory(projectDir, env);
  const names = (await readdir(directory).catch(() => [])).flatMap((name) => /^run-.*\.lock/.exec(name)?.[0] ?? []);
  const found = [...new Set(names)].sort().flatMap((name) => {
    const path = join(directory, name);
    const state = lockState(path);
    if (state === undefined) return [];
    return [state.kind === 'held' ? heldBy(path, state.by) : leftBy(state.by, projectDir, logDir)];
  });
  return found.length === 0 ? [fine('locks', 'none is held, and none is left by a run that died')] : found;
};

function heldBy(path: string, holder: LockRecord): ProbeResult {
  const told = describeHolder(path, holder);
  // Of a process that cannot be seen from here it is not known whether it lives.
  return holder.pid === 0 || placeOf(holder) === ''
    ? fine('locks', told.message)
    : resultFrom('locks', told, 'warning');
}

function leftBy({ run, pipeline }: LockRecord, projectDir: string, logDir: string): ProbeResult {
  const found = `run ${run} of pipeline "${pipeline}" died, and left its lock`;
  const paths = runPaths(logDir, run as RunId);
  const next = 'the next run takes the lock over';
  const usual = logDir === join(projectDir, 'logs/etl') ? undefined : logDir;
  // The plan names the file of the pipeline, which the lock does not.
  const { file = 'FILE' } = decodePipeline(copiesIn(paths)(1).stored ?? '')?.pipeline ?? {};
  const advice = wasInterrupted(paths.directory)
    ? `${next}; ${resumeCommand(run, file, usual)} finishes that one`
    : `${next}; nothing need be done`;
  return resultOf('locks', 'warning', found, advice);
}
