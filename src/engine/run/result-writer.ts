import type { RunState } from '../model/run-state.ts';
import type { RunLoop } from '../runtime/run-loop.ts';
import type { RunFiles } from './write-run-files.ts';

/** The results of a run on the disk. */
export type ResultWriter = {
  /** Resolves when nothing is being written. */
  settled(): Promise<unknown>;
  /** Writes them once more if the run has changed since they were written. */
  finish(): Promise<RunFiles>;
};

/**
 * Writes a run's results each time that it ends, and not only when it is closed: its screen may stay open for hours, and the
 * run may be reopened, while other programs wait for the results.
 */
export function createResultWriter(loop: RunLoop, write: (state: RunState) => Promise<RunFiles>): ResultWriter {
  let written: { readonly state: RunState; readonly files: RunFiles } | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const update = (): Promise<RunFiles> => {
    const mine = turn.then(async () => {
      const state = loop.state();
      if (written?.state !== state) written = { state, files: await write(state) };
      return written.files;
    });
    turn = mine;
    return mine;
  };
  loop.subscribe((event) => {
    if (event.type === 'run.finished') void update();
  });
  return { settled: () => turn, finish: update };
}
