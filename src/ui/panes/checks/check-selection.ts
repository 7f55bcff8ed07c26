import { exitVerdict, type RunState } from '../../../engine/index.ts';
import type { ScreenState } from '../../store/screen-state.ts';

/**
 * The index of the selected check: the one that the user chose; until then the first that failed or had an error, else the
 * first that warned, else the first. Undefined when the run has none.
 */
export function selectedCheck({ check }: Pick<ScreenState, 'check'>, state: RunState): number | undefined {
  if (!state.options.runChecks || state.checks.length === 0) return undefined;
  return check ?? failedChecks(state)[0] ?? firstWarned(state) ?? 0;
}

/** Indices of the checks with verdict fail or error. */
export function failedChecks({ checks }: RunState): readonly number[] {
  return checks.flatMap((check, index) =>
    check.kind === 'done' && (check.result.verdict === 'fail' || check.result.verdict === 'error') ? [index] : [],
  );
}

function firstWarned({ checks }: RunState): number | undefined {
  const index = checks.findIndex((check) => check.kind === 'done' && check.result.verdict === 'warn');
  return index < 0 ? undefined : index;
}

/** The tasks whose rows the check judges, in an order in which each can be told to run again. */
export function loadersOf({ plan }: RunState, check: number): readonly number[] {
  const after = new Set(plan.checks[check]!.after);
  return plan.order.filter((index) => after.has(index));
}

/** Selects a check, and scrolls the pane to it. */
export function selectCheck(screen: ScreenState, check: number): ScreenState {
  const { checks: _, ...tops } = screen.tops;
  return { ...screen, check, tops, touched: true };
}

/** At the end of a run whose only trouble is its data: shows the checks, unless the user looks at something of their choice. */
export function showWrongData(screen: ScreenState, state: RunState): ScreenState {
  const { touched, shown, detail, zoomed, prompt, help } = screen;
  const isInUse = touched || shown !== undefined || detail || zoomed || prompt !== undefined || help !== undefined;
  if (isInUse || exitVerdict(state) !== 'check-failed') return screen;
  return { ...screen, focus: 'checks', shown: 'checks' };
}
