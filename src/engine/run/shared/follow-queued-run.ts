import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EpochMs } from '../../model/ids.ts';
import { ok } from '../../model/result.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import type { RunState } from '../../model/run/run-state.ts';
import type { QueueClient } from '../../queue/queue-client.ts';
import type { OutputLookup } from '../../results/files/task-result.ts';
import { collectAttempts, outputSources } from '../../runs/logged-attempts.ts';
import { pastPerformance } from '../../runs/past-performance.ts';
import type { RunListener } from '../../runtime/run-loop.ts';
import { createWaitMeter } from '../../scheduler/admission/measure-waits.ts';
import { evolve } from '../../scheduler/state/evolve.ts';
import { initialState } from '../../scheduler/state/initial-state.ts';
import { replay } from '../../scheduler/state/replay.ts';
import { writeFileAtomically } from '../../storage/fs/write-file-atomically.ts';
import { existingLog } from '../../storage/logs/attempt-log-path.ts';
import { openLogReader } from '../../storage/logs/log-reader.ts';
import { openMergedLog, settledBefore } from '../../storage/logs/merged/merged-log-reader.ts';
import { openOutputLog } from '../../storage/logs/output-log.ts';
import { runPaths } from '../../storage/runs/run-paths.ts';
import type { OpenRun } from '../open-run.ts';
import { followSlas } from '../records/follow-slas.ts';
import { judgeRun } from '../records/judge-run.ts';
import { writeRunFiles } from '../records/write-run-files.ts';
import { earlierRecords } from '../request/past-records.ts';
import type { RunRequest } from '../request/run-request.ts';
import { maxPastRuns } from '../run-source.ts';
import { copyPlans } from './copy-queued-run.ts';
import { openMirror } from './mirror-run.ts';
import { knownEvents, type QueuedRun, readQueuedRun } from './queued-run.ts';

/** A run that another process drives. */
export type FollowedRun = OpenRun & {
  /** Resolves when nobody drives it any more although it is not over. */
  readonly orphaned: Promise<void>;
  /** How many of its events were told. */
  told(): number;
};

const lookEveryMs = 1_000;

/**
 * Follows a run in the queue: its events are told as its driver stores them, and what its tasks print is kept in the log
 * directory of this machine, unless a process here keeps it already. It refuses every intent; to cancel it here ends the following.
 * @param told how many of its events have been told before
 */
export async function followQueuedRun(
  client: QueueClient,
  request: RunRequest,
  first: QueuedRun,
  told: number,
  onWarning: (warning: Diagnostic) => void,
): Promise<FollowedRun> {
  const { eventChannel, describeDriver, findRow, isDriven, readEvents } = await import('../parts/queue-adapters.ts');
  const { run } = first;
  const files = runPaths(request.logDir, run);
  const logs = openOutputLog(files.tasks, onWarning, true);
  const mirror = await openMirror(client, files, logs, run);
  const listeners = new Set<RunListener>();
  const attempts = collectAttempts();
  const waits = createWaitMeter();
  const events: RunEvent[] = [];
  let queued: QueuedRun = first;
  let state = initialState(first.plans[0], first.options, first.plans);
  let next = 0;
  let driver = 'another process';
  let isOver = false;
  let isLooking = false;
  /** Whether there may be more than was read. */
  let isToldAgain = false;
  let timer: NodeJS.Timeout | undefined;
  let unlisten: (() => void) | undefined;
  let finish: (state: RunState) => void = () => undefined;
  const finished = new Promise<RunState>((resolve) => {
    finish = resolve;
  });
  let orphan: () => void = () => undefined;
  const orphaned = new Promise<void>((resolve) => {
    orphan = resolve;
  });
  const now = () => Date.now() as EpochMs;
  const past = earlierRecords(request, run, undefined);
  const slas = followSlas({ plan: first.state.plan, state: () => state, now, past, timeLeft: () => undefined });

  const take = (event: RunEvent, tells: boolean) => {
    state = evolve(state, event);
    if (event.type !== 'task.progressed') events.push(event);
    attempts.add(event);
    waits.onEvent(event, state);
    slas.onEvent(event);
    if (event.type === 'task.started') mirror.follow(event.task, event.attempt);
    if (tells) for (const listener of listeners) listener(event, state);
  };

  /** Whether there is more to know of its plans than was read. */
  const needsPlan = (event: RunEvent) => event.type === 'run.continued' && queued.plans[event.plan - 1] === undefined;

  const takeNew = async (): Promise<void> => {
    const read = await readEvents(client, run, next);
    if (!read.ok) return;
    const known = knownEvents(run, read.value);
    if (!known.ok) {
      onWarning(known.error);
      return leave();
    }
    if (known.value.some(needsPlan)) {
      const row = await findRow(client, { run });
      const again = row.ok && row.value !== undefined ? await readQueuedRun(client, row.value) : undefined;
      if (!again?.ok) return;
      queued = again.value;
      // The file of the journal will name it.
      const copied = mirror.isOn ? await copyPlans(files, queued.stored.plans) : ok(undefined);
      if (!copied.ok) onWarning({ ...copied.error, severity: 'warning' });
      const { plans, options } = queued;
      state = replay(plans[0], options, queued.events.slice(0, next), undefined, plans);
    }
    mirror.write(known.value);
    next += read.value.length;
    for (const event of known.value) take(event, true);
  };

  const look = async (): Promise<void> => {
    if (isOver) return;
    if (isLooking) {
      isToldAgain = true;
      return;
    }
    isLooking = true;
    // Read before the events, so that they include its last ones when nobody drives it.
    const row = await findRow(client, { run });
    do {
      isToldAgain = false;
      await takeNew();
    } while (isToldAgain && !isOver);
    isLooking = false;
    if (isOver) return;
    if (row.ok && row.value !== undefined) driver = describeDriver(row.value.driver);
    if (state.phase.kind === 'finished') {
      isOver = true;
      await mirror.settled();
      finish(state);
    } else if (row.ok && (row.value === undefined || !isDriven(row.value))) {
      isOver = true;
      orphan();
    }
  };

  /** As if it had been cancelled, but that it goes on elsewhere. */
  const leave = () => {
    if (isOver) return;
    isOver = true;
    state = { ...state, phase: { kind: 'finished', status: 'cancelled' } };
    onWarning({
      code: 'queue/followed',
      severity: 'warning',
      message: `this process follows run ${run} no more; ${driver} goes on with it`,
      hint: `follow it again with etl-tui run --executor queue --resume ${run}`,
    });
    finish(state);
  };

  const release = async () => {
    isOver = true;
    clearInterval(timer);
    unlisten?.();
    await mirror.close();
    logs.close();
  };

  const lookup: OutputLookup = {
    tail: logs.tail,
    logPath: (task, attempt) => existingLog(logs.path(task, attempt)),
  };
  const hasLeft = () => state.phase.kind === 'finished' && events.at(-1)?.type !== 'run.finished';
  // The mirror counts from the first event.
  mirror.write(first.events.slice(0, told));
  for (const event of first.events.slice(0, told)) {
    next += 1;
    take(event, false);
  }

  return {
    run,
    database: undefined,
    files,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () => state,
    intend: (intent) => {
      if (intent.type !== 'cancel') return `${driver} drives this run; this process only follows it`;
      leave();
      return undefined;
    },
    killNow: leave,
    start: () => {
      unlisten = client.listen(eventChannel, (of) => {
        if (of === undefined || of === run) void look();
      });
      timer = setInterval(() => void look(), lookEveryMs);
      void look();
    },
    finished,
    orphaned,
    told: () => next,
    leave: release,
    tail: logs.tail,
    settled: mirror.settled,
    logPath: logs.path,
    now,
    slas: slas.slas,
    samples: () => [],
    openLog: (task, attempt) => openLogReader(logs.path(task, attempt)),
    openAllLogs: () =>
      openMergedLog(outputSources(attempts, logs.path), {
        until: () => (isOver ? Number.POSITIVE_INFINITY : settledBefore(now())),
      }),
    pastRuns: () => pastPerformance(request.logDir, first.pipeline, maxPastRuns),
    openPast: async (one) => (await import('../../runs/replay-run.ts')).openReplay(request.logDir, one),
    close: async () => {
      const isPart = hasLeft();
      // Where the driver is on this machine, it writes them.
      const writes = mirror.isOn && !isPart;
      await release();
      const written = await writeRunFiles(
        state,
        events,
        lookup,
        files,
        now(),
        { peaks: undefined, waits: waits.times() },
        (record) => judgeRun(state, record, slas, past),
        writes ? writeFileAtomically : async () => ok(undefined),
      );
      const { verdict } = written.result;
      return {
        ...written,
        ...(writes ? {} : { written: {} }),
        handoffs: [],
        verdict: isPart ? 'cancelled' : verdict,
      };
    },
  };
}
