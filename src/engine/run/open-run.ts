import type { Diagnostic } from '../model/diagnostic.ts';
import type { TaskId } from '../model/ids.ts';
import type { CheckSpec } from '../model/pipeline/pipeline.ts';
import { failed, ok, type Result } from '../model/result.ts';
import { endsTheRun } from '../model/run/run-event.ts';
import type { RunState } from '../model/run/run-state.ts';
import type { OutputTail } from '../ports.ts';
import type { WatchedDirectory } from '../resources/free-disks.ts';
import type { ExitVerdict } from '../results/causes/exit-verdict.ts';
import type { PerformanceRecord } from '../results/files/performance-record.ts';
import type { OutputLookup } from '../results/files/task-result.ts';
import { learnFromRuns } from '../results/learning/learn-from-runs.ts';
import { learnLoads } from '../results/learning/learn-loads.ts';
import { pastCheckValues } from '../results/learning/past-check-values.ts';
import { collectAttempts, outputSources } from '../runs/logged-attempts.ts';
import { pastPerformance } from '../runs/past-performance.ts';
import type { PruneReport } from '../runs/pruning/prune-runs.ts';
import { followHosts } from '../runtime/follow-hosts.ts';
import { createRunLoop } from '../runtime/run-loop.ts';
import { createWaitMeter } from '../scheduler/admission/measure-waits.ts';
import { maxConcurrentChecks } from '../scheduler/capacity/check-sessions.ts';
import { mayBeReused } from '../scheduler/conditions/asks-first.ts';
import { writeError } from '../storage/fs/cannot-write.ts';
import { existingLog } from '../storage/logs/attempt-log-path.ts';
import { openLogReader } from '../storage/logs/log-reader.ts';
import { openMergedLog, settledBefore } from '../storage/logs/merged/merged-log-reader.ts';
import type { RunPaths } from '../storage/runs/run-paths.ts';
import { createPerformer } from './attempts/create-performer.ts';
import { acquireParts, type RunParts } from './parts/acquire-parts.ts';
import { chooseAdapters } from './parts/choose-adapters.ts';
import { type Closers, createClosers } from './parts/closers.ts';
import type { RunAdapters } from './parts/run-adapters.ts';
import { refuseUnresolved } from './preflight/refuse-unresolved.ts';
import { applyRetention } from './records/apply-retention.ts';
import { collectEvents } from './records/collect-events.ts';
import { followSlas, withoutSlas } from './records/follow-slas.ts';
import { followTimeLeft } from './records/follow-time-left.ts';
import { judgeRun } from './records/judge-run.ts';
import { reportEnd } from './records/report-end.ts';
import { watchResources } from './records/watch-resources.ts';
import { createHandoffWriter } from './records/write-handoffs.ts';
import { createResultWriter, type RunFiles, writeRunFiles } from './records/write-run-files.ts';
import { earlierRecords, readPast } from './request/past-records.ts';
import { maskedParams, runOptions } from './request/run-options.ts';
import type { RunRequest } from './request/run-request.ts';
import { beginRun } from './resume/beginning.ts';
import { openReuse } from './reuse/open-reuse.ts';
import { maxPastRuns, type RunSource } from './run-source.ts';

/** A live run: opened, and started by `start`. */
export type OpenRun = RunSource & {
  /** For messages, without secrets; undefined when the run needs no database. */
  readonly database: string | undefined;
  readonly files: RunPaths;
  start(): void;
  /** Resolves when the run is over, or cannot go on. */
  readonly finished: Promise<RunState>;
  /** The last of an attempt's output, masked. */
  tail(task: TaskId, attempt: number): OutputTail;
  /** Resolves when what is known of the run at this moment is written: its results, and what its tasks were made of. */
  settled(): Promise<unknown>;
  /** Releases everything of a run that another process carries out now, and ends and writes nothing. */
  leave(): Promise<void>;
  /** Ends what still runs, writes the results (as at each earlier end of the run) and releases everything. */
  close(): Promise<ClosedRun>;
};

/** What is left of a run. */
export type ClosedRun = RunFiles & {
  readonly verdict: ExitVerdict;
  readonly pruned?: PruneReport;
  /** Where the files are that its tasks left for each other; absent when there are none, as after a success. */
  readonly runDir?: string;
};

/**
 * Opens everything that a run needs and starts nothing. Errors: `run/locked`, `run/cannot-write`, `run/no-shell`,
 * `run/no-isolation`, `plan/bad-matrix` (of a plan that was made without the values of parameters), and those of `openDatabase`; what was acquired before the error is released.
 */
export async function openRun(request: RunRequest, given?: RunAdapters): Promise<Result<OpenRun, Diagnostic>> {
  const unresolved = refuseUnresolved(request.plan);
  if (unresolved !== undefined) return failed(unresolved);
  const chosen = given === undefined ? await chooseAdapters(request) : ok(given);
  if (!chosen.ok) return chosen;
  const adapters = chosen.value;
  const closers = createClosers();
  // Read while the database is opened.
  const records = readPast(request);
  const release = async () => {
    for (const warning of await closers.closeAll()) request.onWarning?.(warning);
  };
  try {
    const parts = await acquireParts(request, adapters, closers);
    if (parts.ok) return ok(composeRun(request, adapters, parts.value, closers, await records));
    await release();
    return parts;
  } catch (bug) {
    await release();
    throw bug;
  }
}

function composeRun(
  request: RunRequest,
  adapters: RunAdapters,
  parts: RunParts,
  closers: Closers,
  read: readonly PerformanceRecord[] | undefined,
): OpenRun {
  const { run, clock, database, files, lock, logs, masking, onWarning } = parts;
  const records = read ?? [];
  const params = maskedParams(request, masking.mask);
  const past = learnFromRuns(records, params);
  const ofChecks = {
    pastOf: ({ name, definition }: CheckSpec) =>
      pastCheckValues(records, { check: name, kind: definition.kind }, params),
    maxOnDatabase: () => maxConcurrentChecks(loop.state()),
  };
  const knownLines = () => loop.state().plan.written?.values.lines;
  const reuse = openReuse(request, adapters, parts, knownLines, closers);
  const performer = createPerformer(request, adapters, parts, ofChecks, () => loop.state(), {
    keeper: reuse,
    mayBeReused: (task) => mayBeReused(loop.state(), loop.state().plan.indexOf.get(task)!),
  });
  const loads = learnLoads(masking.plan, records, params);
  const { executor } = parts;
  const isElsewhere = executor.runs === 'elsewhere';
  const options = { ...runOptions(request, run, database, params, past, isElsewhere), ...loads };
  const beginning = beginRun(request, parts, options);
  const loop = createRunLoop({
    initial: beginning.initial,
    clock,
    journal: parts.journal,
    perform: performer.perform,
    beforeReopen: () => {
      const refusal = lock.reacquire();
      return refusal && (refusal.holder ?? refusal.message);
    },
    onBroken: (error) => onWarning(journalError(files.journal, error)),
  });
  const events = collectEvents(loop, request.resume?.events ?? []);
  if (reuse !== undefined) loop.subscribe(reuse.onEvent);
  const waits = createWaitMeter();
  loop.subscribe(waits.onEvent);
  const samples = adapters.openSamples(files.samples, onWarning);
  closers.add('its samples', samples.close);
  const resources = watchResources({
    run,
    clock,
    database,
    tasksRunHere: parts.executor.runs === 'here',
    openProbe: (leaders) =>
      adapters.openProbe({ onWarning, directories: watchedDirectories(request, database?.directory), leaders }),
    onSample: (sample) => {
      samples.write(sample);
      slas.onSample(sample);
      loop.dispatch({ type: 'sampled', sample });
    },
  });
  loop.subscribe(resources.onEvent);
  closers.add('its measurements', resources.stop);
  const earlier = earlierRecords(request, run, read);
  const remaining = followTimeLeft(
    loop.state,
    async () => (read === undefined ? learnFromRuns(await earlier(), params) : past),
    clock.now,
  );
  closers.add('its estimates', remaining.stop);
  const isAnalysed = request.leaveOut?.analysis !== true;
  const slas = isAnalysed
    ? followSlas({ plan: masking.plan, state: loop.state, now: clock.now, past: earlier, timeLeft: remaining.timeLeft })
    : withoutSlas;
  loop.subscribe(slas.onEvent);
  const attempts = collectAttempts();
  loop.subscribe(attempts.add);
  beginning.recall((event, state) => {
    attempts.add(event);
    waits.onEvent(event, state);
    slas.onEvent(event);
  });
  database?.onLost(onWarning);
  const lookup: OutputLookup = {
    tail: logs.tail,
    logPath: (task, attempt) => existingLog(logs.path(task, attempt)),
  };
  const handoffs = createHandoffWriter(request, adapters, parts, { events, past: earlier, logPath: lookup.logPath });
  const results = createResultWriter(loop, async (state) => {
    const written = await writeRunFiles(
      state,
      events,
      lookup,
      files,
      clock.now(),
      { peaks: resources.peaks(), waits: waits.times() },
      (record) => judgeRun(state, record, slas, isAnalysed ? earlier : async () => []),
      adapters.writeFile,
    );
    const told = { ...written, handoffs: await handoffs.onResults(state, written) };
    return reportEnd(request, parts, state, told);
  });
  const settled = () => Promise.all([results.settled(), reuse?.settled()]);
  // The screen may stay open for hours after the end; other runs of the pipeline need not wait for that.
  loop.subscribe((event) => {
    if (event.type !== 'run.finished') return;
    void settled().then(() => {
      if (loop.state().phase.kind === 'finished') lock.release();
    });
  });
  return {
    run,
    database: database?.description,
    files,
    subscribe: loop.subscribe,
    state: loop.state,
    start: () => {
      loop.dispatch(beginning.input);
      closers.add('its hosts', followHosts(executor, loop));
    },
    earlier: request.resume?.events ?? [],
    intend: loop.dispatch,
    killNow: () => {
      const { phase } = loop.state();
      // Cancelled once more, it gives up what runs at its end.
      if (phase.kind === 'draining' && endsTheRun(phase.reason)) loop.dispatch({ type: 'cancel' });
      performer.killAll();
      handoffs.giveUp();
    },
    finished: loop.finished,
    tail: logs.tail,
    settled,
    logPath: logs.path,
    now: clock.now,
    timeLeft: remaining.timeLeft,
    slas: slas.slas,
    samples: resources.samples,
    peaks: () => resources.peaks()?.tasks ?? new Map(),
    ...(isElsewhere ? { hosts: executor.hosts } : {}),
    openLog: (task, attempt) => openLogReader(logs.path(task, attempt)),
    openAllLogs: () =>
      openMergedLog(outputSources(attempts, logs.path), {
        until: () => (loop.state().phase.kind === 'finished' ? Number.POSITIVE_INFINITY : settledBefore(clock.now())),
      }),
    pastRuns: async () => {
      await results.settled();
      return pastPerformance(request.logDir, request.plan.pipeline.name, maxPastRuns);
    },
    // A run does not look back, so that this is loaded when it is asked for.
    openPast: async (past) => (await import('../runs/replay-run.ts')).openReplay(request.logDir, past),
    leave: async () => {
      performer.stop();
      for (const warning of await closers.closeAll()) onWarning(warning);
    },
    close: async () => {
      performer.stop();
      const written = await results.finish();
      await handoffs.settled();
      // Meanwhile the rest is closed.
      const pruning = applyRetention(request, run, clock.now());
      const closing = await closers.closeAll();
      const pruned = await pruning;
      const left = (pruned?.errors ?? []).map((error) => ({ ...error, severity: 'warning' as const }));
      // Without its journal, the files of a run do not show how its tasks went.
      const verdict = loop.isBroken() ? 'task-failed' : written.result.verdict;
      const runDir = await parts.closeRunDir(verdict);
      return {
        ...written,
        warnings: [...written.warnings, ...closing, ...left, ...runDir.warnings],
        verdict,
        ...(pruned === undefined ? {} : { pruned }),
        ...(runDir.kept === undefined ? {} : { runDir: runDir.kept }),
      };
    },
  };
}

function journalError(path: string, error: Error & { readonly diagnostic?: Diagnostic }): Diagnostic {
  return error.diagnostic ?? writeError(path, error.cause ?? error);
}

/** Where the tasks of the run, its logs and its database write. */
function watchedDirectories(
  { projectDir, logDir }: RunRequest,
  directory: string | undefined,
): readonly WatchedDirectory[] {
  return [
    { role: 'project', path: projectDir },
    { role: 'logs', path: logDir },
    ...(directory === undefined ? [] : [{ role: 'database' as const, path: directory }]),
  ];
}
