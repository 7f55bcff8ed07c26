/** A time scale from the start of a run, in round steps. */
export type TimeAxis = { readonly endMs: number; readonly stepMs: number };

/**
 * The scale for `spanMs` with as many steps as fit into `columns`. It ends on a step, so that it does not move while a run
 * goes on, and changes only when that step is reached.
 */
export function timeAxis(spanMs: number, columns: number): TimeAxis {
  const span = Math.max(1, Number.isFinite(spanMs) ? spanMs : 1);
  const maxSteps = Math.max(1, Math.floor(columns / columnsPerStep));
  const stepMs =
    stepsMs.find((step) => Math.ceil(span / step) <= maxSteps) ?? dayMs * Math.ceil(span / dayMs / maxSteps);
  return { stepMs, endMs: Math.ceil(span / stepMs) * stepMs };
}

/** The labels of the scale, each with the column where it begins. */
export function axisLabels(
  { endMs, stepMs }: TimeAxis,
  columns: number,
): readonly { readonly at: number; readonly text: string }[] {
  const labels: { at: number; text: string }[] = [];
  for (let ms = 0; ms < endMs; ms += stepMs) {
    labels.push({ at: Math.round((ms / endMs) * columns), text: stepText(ms) });
  }
  return labels;
}

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const columnsPerStep = 8;

const stepsMs = [
  ...[100, 200, 500],
  ...[1, 2, 5, 10, 20, 30].map((seconds) => seconds * secondMs),
  ...[1, 2, 5, 10, 20, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 5, 10].map((hours) => hours * hourMs),
  dayMs,
];

/** `40s`, `1m30`, `2h`, `1h20`. */
function stepText(ms: number): string {
  if (ms < minuteMs) return `${ms / secondMs}s`;
  const [unit, small, word] = ms < hourMs ? ([minuteMs, secondMs, 'm'] as const) : ([hourMs, minuteMs, 'h'] as const);
  const rest = Math.round((ms % unit) / small);
  return `${Math.floor(ms / unit)}${word}${rest === 0 ? '' : String(rest).padStart(2, '0')}`;
}
