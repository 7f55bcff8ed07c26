import { formatDuration } from '../../display/format-duration.ts';
import { displayText, type Plan } from '../../engine/index.ts';
import type { Style } from '../output/style.ts';
import type { EventLine, Severity } from './event-line.ts';

/** Lines of one run stand under each other; made safe for a terminal here. */
export type LineLayout = (line: EventLine) => string;

const widestName = 36;
const wordWidth = 12;
const tookWidth = 7;

/** A layout whose columns fit the names of tasks and checks. */
export function lineLayout(names: readonly string[], style: Style): LineLayout {
  const nameWidth = names.reduce((widest, name) => Math.max(widest, Math.min(widestName, name.length)), 8);
  return ({ severity: tone, name, word, tookMs, details }) => {
    const said = displayText(details.join(', '));
    if (name === '') return `${icon(tone, style)} ${said}`;
    const took = tookMs === undefined ? '' : formatDuration(tookMs);
    const columns = [
      `${icon(tone, style)} ${displayText(name).padEnd(nameWidth)}`,
      paintSeverity(tone, style)(word.padEnd(wordWidth)),
      style.paint.dim(took.padStart(tookWidth)),
      said.startsWith(`${word} `) ? said.slice(word.length + 1) : said,
    ];
    return columns.join('  ').trimEnd();
  };
}

/** What the lines can be about. */
export function namesOf(parts: readonly (Plan['tasks'][number] | Plan['checks'][number])[]): readonly string[] {
  return parts.map(({ spec }) => ('id' in spec ? spec.id : spec.name));
}

export function icon(severity: Severity, style: Style): string {
  const { glyphs } = style;
  const signs = { ...glyphs, data: glyphs.failed, plain: ' ' };
  return paintSeverity(severity, style)(signs[severity]);
}

export function paintSeverity(tone: Severity, { paint }: Style): (text: string) => string {
  switch (tone) {
    case 'succeeded':
      return paint.green;
    case 'failed':
      return paint.red;
    // Wrong data is not a broken task, and does not look like one.
    case 'data':
      return paint.magenta;
    case 'warned':
    case 'retried':
      return paint.yellow;
    case 'notRun':
      return paint.dim;
    case 'plain':
      return (text) => text;
  }
}
