import { formatTally } from '../../display/format/format-count.ts';
import type { Display } from '../../display/states/display.ts';
import { displayText, type ProbeResult, type ProbeState } from '../../engine/index.ts';
import type { Style } from '../output/style.ts';
import { paintIcon, paintSeverity } from '../reporters/line-layout.ts';

const displays: Readonly<Record<ProbeState, Display>> = {
  ok: { icon: 'succeeded', word: 'ok', severity: 'success' },
  warning: { icon: 'warning', word: 'warning', severity: 'warning' },
  problem: { icon: 'failed', word: 'problem', severity: 'failure' },
};

/** A line for each result, what to do below it, and how many are not ok. */
export function doctorLines(results: readonly ProbeResult[], style: Style): readonly string[] {
  const width = Math.max(...results.map(({ subject }) => subject.length));
  const { paint, glyphs } = style;
  const lines = results.flatMap(({ subject, state, found, advice, code }) => {
    const display = displays[state];
    const told = state === 'ok' ? displayText(found) : paintSeverity(display.severity, style)(displayText(found));
    const line = `${paintIcon(display, style)} ${subject.padEnd(width)}  ${told}`;
    const named = code === undefined ? '' : paint.dim(` [${code}]`);
    const indent = ' '.repeat(width + 4);
    return [
      `${line}${named}`,
      ...(advice === undefined ? [] : [`${indent}${paint.dim(glyphs.arrow)} ${displayText(advice)}`]),
    ];
  });
  return [...lines, '', conclusion(results)];
}

/** The worst of all. */
export function worstState(results: readonly ProbeResult[]): ProbeState {
  const states = new Set(results.map(({ state }) => state));
  return states.has('problem') ? 'problem' : states.has('warning') ? 'warning' : 'ok';
}

function conclusion(results: readonly ProbeResult[]): string {
  const count = (wanted: ProbeState) => results.filter(({ state }) => state === wanted).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  const tally = formatTally([
    [problems, problems === 1 ? 'problem' : 'problems'],
    [warnings, warnings === 1 ? 'warning' : 'warnings'],
  ]);
  return tally === '' ? 'nothing is wrong' : tally;
}
