import type { Diagnostic } from '../../model/diagnostic.ts';
import { ok } from '../../model/result.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { existingLog } from '../../storage/logs/attempt-log-path.ts';
import type { OpenRun } from '../open-run.ts';
import { writeRunFiles } from '../records/write-run-files.ts';

/** A run in which this process has no part for now. */
export type RunBetweenParts = OpenRun & {
  /** Whether somebody does not want to have a part in it any more. */
  isLeft(): boolean;
};

/**
 * A run that this process has driven or followed until now, and waits to drive or to follow again: it is shown as it was. Whoever cancels
 * it, or asks this process to end, waits no longer; nothing is written then, since the run is another process's, or nobody's.
 */
export function betweenParts(last: OpenRun, onWarning: (warning: Diagnostic) => void): RunBetweenParts {
  let state = last.state();
  let isLeft = false;
  let finish: (state: RunState) => void = () => undefined;
  const finished = new Promise<RunState>((resolve) => {
    finish = resolve;
  });
  const leave = () => {
    if (isLeft) return;
    isLeft = true;
    state = { ...state, phase: { kind: 'finished', status: 'cancelled' } };
    onWarning({
      code: 'queue/followed',
      severity: 'warning',
      message: `this process has nothing to do with run ${last.run} any more; the queue did not tell who goes on with it`,
      hint: `see whether its database runs, then call etl-tui run --executor queue --resume ${last.run}`,
    });
    finish(state);
  };
  return {
    ...last,
    isLeft: () => isLeft,
    subscribe: () => () => undefined,
    state: () => state,
    start: () => undefined,
    intend: (intent) => {
      if (intent.type !== 'cancel') return 'this process waits for the queue to tell who drives the run';
      leave();
      return undefined;
    },
    killNow: leave,
    finished,
    settled: async () => {},
    leave: async () => {},
    close: async () => {
      const output = {
        tail: last.tail,
        logPath: (...of: Parameters<OpenRun['logPath']>) => existingLog(last.logPath(...of)),
      };
      const measured = { peaks: undefined, waits: new Map() };
      const verdict = 'cancelled';
      const files = await writeRunFiles(
        state,
        [],
        output,
        last.files,
        last.now(),
        measured,
        async () => ({ verdict }),
        async () => ok(undefined),
      );
      return { ...files, written: {}, handoffs: [], verdict };
    },
  };
}
