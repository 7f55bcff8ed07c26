import { formatCount } from '../../display/format/format-count.ts';
import { type Diagnostic, displayLines, displayText, type Location } from '../../engine/index.ts';
import type { Style } from '../output/style.ts';
import { excerptAround } from './excerpt.ts';

export type PrintOptions = {
  readonly style: Style;
  /** Texts by file name as in `Location.file`; a place in another file is printed without its line. */
  readonly sources: ReadonlyMap<string, string>;
  /** How wide the excerpts may be. */
  readonly columns: number;
};

/** `file:line:col: error[code]: message`, the line with the place underlined, related places, and what to do. */
export function printDiagnostic(diagnostic: Diagnostic, options: PrintOptions): string {
  const { at, code, severity, message, hint, related = [] } = diagnostic;
  const { paint, glyphs } = options.style;
  const tint = severity === 'error' ? paint.red : paint.yellow;
  const [first = '', ...more] = displayLines(message);
  const title = `${tint.bold(`${severity}[${code}]`)}${paint.bold(`: ${first}`)}`;
  const lines = [at === undefined ? title : `${paint.bold(`${placeOf(at)}: `)}${title}`];
  lines.push(...more.map((line) => `  ${paint.dim(glyphs.bar)} ${line}`));
  if (at !== undefined) lines.push(...excerpt(at, tint, options));
  for (const place of related) {
    lines.push(`  ${paint.bold('note')}: ${displayText(place.message)} (${placeOf(place.at)})`);
    if (place.at.line !== at?.line || place.at.file !== at.file) lines.push(...excerpt(place.at, paint.cyan, options));
  }
  if (hint !== undefined) lines.push(...hintLines(hint, options.style));
  return `${lines.join('\n')}\n`;
}

/** All of them, an empty line between each two. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], options: PrintOptions): string {
  return diagnostics.map((diagnostic) => printDiagnostic(diagnostic, options)).join('\n');
}

/** `2 errors, 1 warning`. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const count = (wanted: Diagnostic['severity']) =>
    diagnostics.reduce((sum, { severity, more = 1 }) => (severity === wanted ? sum + more : sum), 0);
  const parts = [formatCount(count('error'), 'error'), formatCount(count('warning'), 'warning')];
  return parts.filter((part) => !part.startsWith('0 ')).join(', ');
}

function placeOf({ file, line, col }: Location): string {
  return `${displayText(file)}:${line}:${col}`;
}

function excerpt(at: Location, tint: Style['paint'], options: PrintOptions): readonly string[] {
  const line = lineAt(options.sources.get(at.file), at.line);
  if (line === undefined) return [];
  const { paint, glyphs } = options.style;
  const number = String(at.line).padStart(5);
  const { text, indent, underline } = excerptAround(line, at.col, at.length, options.columns, glyphs.ellipsis);
  const gutter = (label: string) => paint.dim(`${label} ${glyphs.bar} `);
  return [
    `${gutter(number)}${text}`.trimEnd(),
    `${gutter(' '.repeat(number.length))}${' '.repeat(indent)}${tint('^'.repeat(underline))}`,
  ];
}

function hintLines(hint: string, { paint }: Style): readonly string[] {
  const [first = '', ...more] = displayLines(hint);
  return [`  ${paint.bold('hint')}: ${first}`, ...more.map((line) => `        ${line}`)];
}

/** Line `line` (from 1) of a text, without splitting all of it. */
function lineAt(text: string | undefined, line: number): string | undefined {
  if (text === undefined) return undefined;
  let start = 0;
  for (let at = 1; at < line; at += 1) {
    const end = text.indexOf('\n', start);
    if (end === -1) return undefined;
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  const whole = text.slice(start, end === -1 ? text.length : end);
  return whole.endsWith('\r') ? whole.slice(0, -1) : whole;
}
