import { exitVerdict, type OpenRun } from '../../engine/index.ts';

export const bell = '\x07';

/** Calls `ring` each time that the run ends with a failure, for somebody who looks elsewhere. */
export function ringOnFailure(run: OpenRun, ring: () => void): void {
  run.subscribe((event, state) => {
    if (event.type !== 'run.finished') return;
    const verdict = exitVerdict(state, run.slas?.());
    if (verdict !== 'success' && verdict !== 'cancelled') ring();
  });
}
