import { countWordOf } from '../../display/states/display.ts';
import { countOrder, taskDisplay } from '../../display/states/task-display.ts';
import type { RunState } from '../../engine/index.ts';
import { type Line, type StyledText, styled } from '../primitives/line.ts';
import { tallyChecks, tallyPassed } from '../status/check-tally.ts';
import { iconText } from '../status/state-icon.ts';
import { countedAs, type Tally } from '../status/task-tally.ts';
import { severityStyles, type Theme } from '../theme.ts';

/** How many tasks are in which state, and what checks found. */
export type CountsChoice = {
  /** Words beside the numbers. */
  readonly labels: boolean;
  /** Also counts tasks that wait, were skipped or cancelled. */
  readonly quiet: boolean;
  /** Also counts checks that passed. */
  readonly passed: boolean;
};

/**
 * While the run goes on, what changes all the time has a fixed place with as many columns as the number of all tasks, or stands
 * last; the other counts hardly ever become smaller.
 */
export function headerCounts(state: RunState, tally: Tally, choice: CountsChoice, theme: Theme): Line {
  const { labels, quiet, passed } = choice;
  const isOver = state.phase.kind === 'finished';
  const digits = String(state.plan.tasks.length).length;
  const groups = order.flatMap((condition) => {
    const display = taskDisplay(condition);
    const isLoud = display.severity !== 'muted' || condition === 'not-run';
    const count = countedAs(tally, condition);
    const isShown =
      condition === 'succeeded' || ((isLoud || quiet) && (count > 0 || (!isOver && steady.has(condition))));
    const columns = isOver || !steady.has(condition) ? 0 : labels ? Math.max(2, digits) : digits;
    const counted = isShown ? [{ ...display, word: countWordOf(display), count, columns }] : [];
    if (condition !== 'failed') return counted;
    const checks = [...tallyChecks(state), ...(passed ? tallyPassed(state) : [])];
    return [...counted, ...checks.map((check) => ({ ...check, columns: 0 }))];
  });
  return groups.flatMap(({ icon, count, word, severity, columns }, index): StyledText[] => [
    styled(index === 0 ? '' : labels ? '  ' : ' '),
    styled(
      `${iconText(icon, theme)}${labels && columns === 0 ? ' ' : ''}${String(count).padStart(columns)}`,
      severityStyles[severity],
    ),
    ...(labels ? [styled(` ${index === 0 ? 'done' : word}`, 'dim')] : []),
  ]);
}

type Counted = (typeof countOrder)[number];

/** Shown from the beginning to the end of a run, also when they are zero. */
const steadyOrder = ['succeeded', 'running', 'waiting'] as const satisfies readonly Counted[];
const steady: ReadonlySet<Counted> = new Set(steadyOrder);

/** What is mostly there for a moment only: nothing moves when it comes. */
const fleeting: ReadonlySet<Counted> = new Set(['retrying']);

const order: readonly Counted[] = [
  ...steadyOrder,
  ...countOrder.filter((condition) => !steady.has(condition) && !fleeting.has(condition)),
  ...fleeting,
];
