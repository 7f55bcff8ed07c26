import { describeOutcome, displayText, isOutcome } from '../../engine/index.ts';
import { factLines, verdictLine } from './closing-lines.ts';
import { signOf } from './line-layout.ts';
import { outputLines } from './output-lines.ts';
import type { RunEnd, Scene } from './reporter.ts';
import { type Summary, summarise } from './summary.ts';

const mostLines = 20;
const mostOutputLines = 10;

/**
 * What stays on the terminal when the screen is left: what failed, with the end of its output, how it all came out, and
 * where everything is written. The screen has shown the rest.
 */
export function screenSummary(end: RunEnd, scene: Scene): readonly string[] {
  const summary = summarise(end.state);
  const closing = [verdictLine(summary, end, scene.style), ...factLines(summary, end, scene)];
  return [...failureLines(summary, mostLines - closing.length, end, scene), ...closing];
}

/** As many failed tasks as have room, each with its last lines; a blank line behind them. */
function failureLines({ failed }: Summary, room: number, end: RunEnd, scene: Scene): readonly string[] {
  if (failed.length === 0) return [];
  const { style } = scene;
  const shown = failed.slice(0, Math.max(1, failed.length > room - 1 ? room - 2 : failed.length));
  const outputRows = Math.min(mostOutputLines, Math.floor((room - 1 - shown.length) / shown.length) - 1);
  const lines = shown.flatMap(({ task, state }) => {
    const outcome = isOutcome(state) ? describeOutcome(state, end.state, end.state.plan.indexOf.get(task)!) : '';
    const head = `${signOf('failed', style)} ${style.paint.bold(displayText(task))} ${displayText(outcome)}`;
    if (outputRows < 1 || (state.kind !== 'failed' && state.kind !== 'timed-out')) return [head];
    const output = outputLines(scene.tail(task, state.attempt), outputRows);
    const log = output.length === 0 ? [] : [`  ${scene.shown(scene.logPath(task, state.attempt))}`];
    return [
      head,
      ...[...output.map((line) => `  ${style.glyphs.bar} ${line}`), ...log].map((line) => style.paint.dim(line)),
    ];
  });
  const more = failed.length - shown.length;
  return [...lines, ...(more > 0 ? [`  and ${more} more`] : []), ''];
}
