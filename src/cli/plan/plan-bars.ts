import { endText } from '../../display/end-text.ts';
import { formatCount, formatNumber } from '../../display/format/format-count.ts';
import { formatDuration } from '../../display/format/format-duration.ts';
import { taskCountText } from '../../display/task-count-text.ts';
import { displayText, type RequestPreview } from '../../engine/index.ts';
import { stringWidth } from '../output/string-width.ts';
import type { Style } from '../output/style.ts';

const maxNameWidth = 32;
const durationWidth = 6;
const minBarWidth = 10;
/** More rows do not fit on a screen; the critical path is drawn first. */
const maxRows = 60;

/** One row a task, wave by wave: when it runs in the predicted run, and for how long. */
export function barLines(preview: RequestPreview, { paint, glyphs }: Style, columns: number): readonly string[] {
  const { plan, waves, criticalPath, run, known } = preview;
  const critical = new Set(criticalPath.tasks);
  const shown = chooseRows(waves.flat(), critical);
  const nameOf = (index: number) => displayText(plan.tasks[index]!.spec.id);
  const nameWidth = Math.min(maxNameWidth, Math.max(8, ...[...shown].map((index) => stringWidth(nameOf(index)))));
  const width = Math.max(minBarWidth, columns - nameWidth - durationWidth - 7);
  const columnAt = (ms: number) => Math.round((ms / Math.max(1, run.durationMs)) * width);

  const row = (index: number): string => {
    const [ready, start, end] = [run.readyMs[index]!, run.startMs[index]!, run.endMs[index]!];
    const name = `  ${shorten(nameOf(index), nameWidth, glyphs.ellipsis)}`;
    // In a run in which everything succeeds it is not running.
    if (Number.isNaN(start)) {
      return `${name}  ${''.padStart(durationWidth)}  ${paint.dim(endText(plan, plan.tasks[index]!) ?? '')}`.trimEnd();
    }
    const [from, to] = [Math.min(width - 1, columnAt(start)), columnAt(end)];
    const waited = from - Math.min(from, columnAt(ready));
    const bar = (critical.has(index) ? glyphs.critical : glyphs.other).repeat(Math.max(1, to - from));
    const took = known === 0 ? '' : formatDuration(end - start);
    return [
      name,
      took.padStart(durationWidth),
      ' '.repeat(from - waited) +
        paint.dim(glyphs.waits.repeat(waited)) +
        (critical.has(index) ? paint.yellow(bar) : paint.cyan(bar)),
    ].join('  ');
  };

  const folded = waves.filter((wave) => !wave.some((index) => shown.has(index)));
  const lines = waves.flatMap((wave, at) => {
    const rows = wave.filter((index) => shown.has(index));
    if (rows.length === 0) return [];
    const hidden = wave.length - rows.length;
    return [
      paint.bold(`wave ${at + 1}`),
      ...rows.map(row),
      ...(hidden === 0 ? [] : [paint.dim(`  ${glyphs.ellipsis} ${formatNumber(hidden)} more`)]),
    ];
  });
  if (folded.length === 0) return lines;
  const tasks = taskCountText(folded.flat().map((index) => plan.tasks[index]!.spec));
  const left = `${formatCount(folded.length, 'more wave')}, ${tasks}`;
  return [...lines, paint.dim(`${glyphs.ellipsis} ${left}`)];
}

/** What the glyphs of the bars mean. */
export function barLegend({ glyphs }: Style): string {
  return `${glyphs.critical} on the critical path  ${glyphs.other} beside it  ${glyphs.waits} ready, but waits`;
}

function chooseRows(tasks: readonly number[], critical: ReadonlySet<number>): ReadonlySet<number> {
  const first = tasks.filter((index) => critical.has(index));
  const others = tasks.filter((index) => !critical.has(index));
  return new Set([...first, ...others].slice(0, maxRows));
}

function shorten(name: string, width: number, ellipsis: string): string {
  const taken = stringWidth(name);
  if (taken <= width) return name + ' '.repeat(width - taken);
  return `${name.slice(0, width - ellipsis.length)}${ellipsis}`;
}
