import type { Diagnostic } from '../model/diagnostic.ts';
import type { EpochMs, RunId } from '../model/ids.ts';
import { failed, ok, type Result } from '../model/result.ts';
import type { RunEvent } from '../model/run/run-event.ts';
import type { RunState } from '../model/run/run-state.ts';
import { createAttemptMeter } from '../results/attempt-meter.ts';
import type { OutputLookup } from '../results/files/task-result.ts';
import { type ResourcePeaks, raisePeaks } from '../results/resource-peaks.ts';
import { followSlas } from '../run/records/follow-slas.ts';
import { judgeRun } from '../run/records/judge-run.ts';
import { writeRunFiles } from '../run/records/write-run-files.ts';
import { createWaitMeter } from '../scheduler/admission/measure-waits.ts';
import { initialState } from '../scheduler/state/initial-state.ts';
import { writeFileAtomically } from '../storage/fs/write-file-atomically.ts';
import { attemptLogPath, existingLog } from '../storage/logs/attempt-log-path.ts';
import { storedTail } from '../storage/logs/stored-tail.ts';
import { forgetDeadOwner, isRunAlive } from '../storage/runs/heartbeat.ts';
import { readSamples } from '../storage/runs/read-samples.ts';
import type { RunPaths } from '../storage/runs/run-paths.ts';
import { foldRun } from './fold-run.ts';
import { hasEnded, statusOf } from './list-runs.ts';
import { performanceBefore } from './past-performance.ts';
import { readRun, type StoredRun } from './read-run.ts';

/** The paths of the files that were written, and why the others were not. */
export type RebuiltResults = { readonly written: readonly string[]; readonly warnings: readonly Diagnostic[] };

/**
 * Writes the result files of a run that has ended once more, from its journal, its samples and its logs. The logs do not say
 * which of the two streams a task wrote to, so that all of it becomes `stdout`. Errors: those of `readRun`, and `run/no-result`
 * when the run has no end.
 */
export async function rebuildResults(logDir: string, run: RunId): Promise<Result<RebuiltResults, Diagnostic>> {
  const stored = readRun(logDir, run);
  if (!stored.ok) return stored;
  const { plan, paths, damage } = stored.value;
  const status = isRunAlive(paths.directory) ? 'running' : statusOf(stored.value);
  if (!hasEnded(status))
    return failed(damage === undefined ? withoutEnd(run, status) : { ...damage, severity: 'error' });
  const past = await performanceBefore(logDir, run, plan.pipeline.name);
  const { state, peaks, waits, slas } = follow(stored.value);
  const now = state.finishedAt ?? (0 as EpochMs);
  const { written, warnings } = await writeRunFiles(
    state,
    stored.value.events,
    storedOutput(paths),
    paths,
    now,
    { peaks, waits },
    (record) => judgeRun(state, record, slas, async () => past),
    writeFileAtomically,
  );
  if (warnings.length === 0) forgetDeadOwner(paths.directory);
  return ok({ written: Object.values(written), warnings });
}

/** What was measured beside the events, in the order in which all of it came. */
function follow(stored: StoredRun) {
  const { plan, plans, options, paths } = stored;
  let now: EpochMs | undefined;
  let last: RunState = initialState(plans[0], options, plans);
  let peaks: ResourcePeaks | undefined;
  const waits = createWaitMeter();
  const attempts = createAttemptMeter();
  const nothing = { past: async () => [], timeLeft: () => undefined };
  const slas = followSlas({ ...nothing, plan, state: () => last, now: () => now ?? (0 as EpochMs) });
  const samples = readSamples(paths.samples);
  let next = 0;
  const onEvent = (event: RunEvent, state: RunState) => {
    for (; next < samples.length && samples[next]!.at <= event.at; next += 1) {
      const sample = samples[next]!;
      peaks = raisePeaks(peaks, sample, (task) => attempts.ranMs(task, sample.at) / 1000);
      slas.onSample(sample);
    }
    [now, last] = [event.at, state];
    attempts.onEvent(event);
    waits.onEvent(event, state);
    slas.onEvent(event);
  };
  const state = foldRun(stored, onEvent);
  return { state, peaks, waits: waits.times(), slas };
}

function storedOutput({ tasks }: RunPaths): OutputLookup {
  return {
    tail: (task, attempt) => storedTail(attemptLogPath(tasks, task, attempt)),
    logPath: (task, attempt) => existingLog(attemptLogPath(tasks, task, attempt)),
  };
}

function withoutEnd(run: RunId, status: string): Diagnostic {
  const message =
    status === 'running'
      ? `run ${run} has no results yet: it is still running`
      : `run ${run} has no results: it was interrupted before its end`;
  return { code: 'run/no-result', severity: 'error', message, hint: `etl-tui show ${run} shows how far it got` };
}
