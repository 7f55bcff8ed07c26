import type { RunState } from '../../model/run/run-state.ts';
import type { RunListener } from '../../runtime/run-loop.ts';
import type { OpenRun } from '../open-run.ts';

/** A run that is driven and followed in turn, as one for whoever shows it. */
export type SwitchingRun = {
  readonly run: OpenRun;
  /** From now on this is the run; it is started if the one before was. */
  switchTo(next: OpenRun): void;
  isClosed(): boolean;
};

/** @param release called when the run has been closed */
export function switchingRun(first: OpenRun, release: () => Promise<void>): SwitchingRun {
  const listeners = new Set<RunListener>();
  let current = first;
  let unsubscribe: () => void = () => undefined;
  let isStarted = false;
  let isClosed = false;
  let finish: (state: RunState) => void = () => undefined;
  const finished = new Promise<RunState>((resolve) => {
    finish = resolve;
  });
  const attach = (next: OpenRun) => {
    unsubscribe();
    current = next;
    unsubscribe = next.subscribe((event, state) => {
      for (const listener of listeners) listener(event, state);
    });
    void next.finished.then((state) => {
      if (current === next) finish(state);
    });
  };
  attach(first);
  const { run, files, database, earlier } = first;
  return {
    isClosed: () => isClosed,
    switchTo: (next) => {
      attach(next);
      if (isStarted) next.start();
    },
    run: {
      run,
      files,
      database,
      ...(earlier === undefined ? {} : { earlier }),
      finished,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      state: () => current.state(),
      start: () => {
        isStarted = true;
        current.start();
      },
      intend: (intent) => current.intend(intent),
      killNow: () => current.killNow(),
      tail: (task, attempt) => current.tail(task, attempt),
      settled: () => current.settled(),
      logPath: (task, attempt) => current.logPath(task, attempt),
      now: () => current.now(),
      timeLeft: () => current.timeLeft?.(),
      slas: () => current.slas?.() ?? [],
      hosts: () => current.hosts?.() ?? [],
      samples: () => current.samples(),
      peaks: () => current.peaks?.() ?? new Map(),
      openLog: (task, attempt) => current.openLog(task, attempt),
      openAllLogs: () => current.openAllLogs(),
      pastRuns: () => current.pastRuns(),
      openPast: (past) => current.openPast(past),
      leave: async () => {
        isClosed = true;
        await current.leave();
        await release();
      },
      close: async () => {
        isClosed = true;
        const closed = await current.close();
        await release();
        return closed;
      },
    },
  };
}
