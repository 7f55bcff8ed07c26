import { formatNumber } from '../../../display/format/format-count.ts';
import { formatDuration, formatLimit } from '../../../display/format/format-duration.ts';
import { type CheckResult, displayText } from '../../../engine/index.ts';
import { type Line, styled } from '../../primitives/line.ts';
import { shortenText } from '../../primitives/text/fit-text.ts';
import { textWidth } from '../../primitives/text/text-width.ts';
import { wrapWords } from '../../primitives/text/wrap-text.ts';
import type { Style, Theme } from '../../theme.ts';

/** The findings of a check, below its name: the summary, the numbers on one line, each list (first offending keys) on its own. */
export function findingLines(result: CheckResult, style: Style, width: number, theme: Theme): readonly Line[] {
  const room = Math.max(1, width - indent.length - 1);
  const lines: Line[] = wrapWords(displayText(result.summary), room).map((row) => [styled(indent), styled(row, style)]);
  const values = Object.entries(result.measured).filter(([key, value]) => !isInSummary(key, value, result));
  const single = values.flatMap(([key, value]) => (isList(value) ? [] : [valueText(key, value)]));
  if (single.length > 0) lines.push(line(single.join(', '), room, theme));
  for (const [key, value] of values) {
    if (!isList(value) || value.length === 0) continue;
    lines.push(line(listText(`${formatFinding(key)}: `, value, room), room, theme));
  }
  return lines;
}

/** Values that the summary already contains: of a query, its result and the expected one; an exit code; a list, all of which it names. */
function isInSummary(key: string, value: Measured, { measured, summary }: CheckResult): boolean {
  if (isList(value)) return value.every((item) => summary.includes(item));
  if (key === 'exit_code') return true;
  return 'value' in measured && 'expect' in measured && (key === 'value' || key === 'expect');
}

const indent = ' '.repeat(12);

type Measured = CheckResult['measured'][string];

function isList(value: Measured): value is readonly string[] {
  return Array.isArray(value);
}

function line(text: string, room: number, theme: Theme): Line {
  return [styled(indent), styled(shortenText(text, room, theme.glyphs.ellipsis), 'dim')];
}

/** As many of the values as fit, and how many more there are. */
function listText(label: string, values: readonly string[], room: number): string {
  for (let shown = values.length; shown > 1; shown -= 1) {
    const more = shown < values.length ? ` and ${values.length - shown} more` : '';
    const text = label + values.slice(0, shown).join(', ') + more;
    if (textWidth(text) <= room) return text;
  }
  return label + values.join(', ');
}

function formatFinding(key: string): string {
  return key.replaceAll('_', ' ');
}

function valueText(key: string, value: Exclude<Measured, readonly string[]>): string {
  if (typeof value === 'number' && key.endsWith('_ms')) {
    const format = key.startsWith('max_') ? formatLimit : formatDuration;
    return `${formatFinding(key.slice(0, -3))} ${format(value)}`;
  }
  if (typeof value === 'number' && Number.isInteger(value)) return `${formatFinding(key)} ${formatNumber(value)}`;
  return `${formatFinding(key)} ${value ?? 'none'}`;
}
