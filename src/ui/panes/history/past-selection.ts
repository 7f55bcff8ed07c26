import type { ScreenState } from '../../store/screen-state.ts';
import type { History } from './history.ts';

/** The place of the selected run in the list; the newest one until the user selects another. 0 in an empty list. */
export function selectedPast({ pastRun }: Pick<ScreenState, 'pastRun'>, { runs }: Pick<History, 'runs'>): number {
  return Math.max(
    0,
    runs.findIndex(({ run }) => run === pastRun),
  );
}

/** Selects the run that is `by` places below the selected one, or the nearest there is. */
export function movePast(screen: ScreenState, history: Pick<History, 'runs'>, by: number): ScreenState {
  const at = Math.max(0, Math.min(history.runs.length - 1, selectedPast(screen, history) + by));
  const run = history.runs[at]?.run;
  return run === undefined ? screen : { ...screen, pastRun: run };
}

/** The first run that is shown so that the selected one is in the middle, as far as there are others. */
export function topOfPast(selected: number, rows: number, runs: number): number {
  return Math.max(0, Math.min(runs - rows, selected - Math.floor(rows / 2)));
}
