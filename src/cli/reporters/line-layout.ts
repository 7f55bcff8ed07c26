import { formatDuration } from '../../display/format/format-duration.ts';
import type { Display } from '../../display/states/display.ts';
import type { Severity } from '../../display/states/severity.ts';
import { displayText, type Plan, unreachable } from '../../engine/index.ts';
import type { Style } from '../output/style.ts';
import type { EventLine } from './event-line.ts';

/** Lines of one run stand under each other; made safe for a terminal here. */
export type LineLayout = (line: EventLine) => string;

const widestName = 36;
const wordWidth = 12;
const tookWidth = 7;

/** A layout whose columns fit the names of tasks and checks. */
export function lineLayout(names: readonly string[], style: Style): LineLayout {
  const nameWidth = names.reduce((widest, name) => Math.max(widest, Math.min(widestName, name.length)), 8);
  return ({ icon, severity, name, word, tookMs, details }) => {
    const text = displayText(details.join(', '));
    if (name === '') return `${paintIcon({ icon, severity }, style)} ${text}`;
    const took = tookMs === undefined ? '' : formatDuration(tookMs);
    const columns = [
      `${paintIcon({ icon, severity }, style)} ${displayText(name).padEnd(nameWidth)}`,
      paintSeverity(severity, style)(word.padEnd(wordWidth)),
      style.paint.dim(took.padStart(tookWidth)),
      text.startsWith(`${word} `) ? text.slice(word.length + 1) : text,
    ];
    return columns.join('  ').trimEnd();
  };
}

/** What the lines can be about. */
export function namesOf(parts: readonly (Plan['tasks'][number] | Plan['checks'][number])[]): readonly string[] {
  return parts.map(({ spec }) => ('id' in spec ? spec.id : spec.name));
}

/** The icon of a state in the colour of its severity. */
export function paintIcon({ icon, severity }: Pick<Display, 'icon' | 'severity'>, style: Style): string {
  return paintSeverity(severity, style)(style.icons[icon]);
}

export function paintSeverity(severity: Severity, { paint }: Style): (text: string) => string {
  switch (severity) {
    case 'success':
      return paint.green;
    case 'running':
      return paint.cyan;
    case 'warning':
      return paint.yellow;
    case 'failure':
      return paint.red;
    case 'wrongData':
      return paint.magenta;
    case 'muted':
      return paint.dim;
    case 'plain':
      return (text) => text;
    default:
      return unreachable(severity);
  }
}
