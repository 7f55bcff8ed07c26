import type { Diagnostic } from '../model/diagnostic.ts';
import { type Report, reportError } from './report-error.ts';
import { createSource } from './source.ts';

/** What a file of variables sets, by name. */
export type EnvFile = Readonly<Record<string, string>>;

const assignment = /[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*/y;
const nothingMore = /[ \t]*(?:#[^\n]*)?\r?(?=\n|$)/y;
const form = 'write NAME=value; comments begin with "#"';

/**
 * Reads a file of variables as most tools do: `NAME=value` a line, also behind `export`; empty lines and comments; a value in
 * single quotes as it is, in double quotes with `\n`, `\t`, `\"`, `\\` and `\$`, both also over several lines; without quotes
 * up to the end of the line, or a ` #`. Nothing is looked up: `$HOME` is a text. The last value of a name counts. Never
 * throws. No diagnostic (`run/bad-env-file`) repeats what is in the file: it is secret.
 */
export function readEnvFile(
  text: string,
  file: string,
): { readonly values: EnvFile; readonly diagnostics: readonly Diagnostic[] } {
  const source = createSource(file, text.startsWith('\ufeff') ? text.slice(1) : text);
  const report: Report = { source, diagnostics: [] };
  const values = new Map<string, string>();
  for (let at = 0; at < source.text.length; ) {
    const end = lineEnd(source.text, at);
    if (matchAt(nothingMore, source.text, at) === undefined) {
      const found = readAssignment(source.text, at, report);
      if (found === undefined) return { values: {}, diagnostics: report.diagnostics };
      if (found.name !== undefined) values.set(found.name, found.value);
      at = lineEnd(source.text, found.end) + 1;
    } else at = end + 1;
  }
  return { values: Object.fromEntries(values), diagnostics: report.diagnostics };
}

type Assignment = { readonly name?: string; readonly value: string; readonly end: number };

/** Undefined when nothing behind it can be told apart any more. */
function readAssignment(text: string, at: number, report: Report): Assignment | undefined {
  const end = lineEnd(text, at);
  const [written, name] = matchAt(assignment, text, at) ?? [];
  if (written === undefined || name === undefined) {
    mistake(report, at, end, 'this line does not set a variable', form);
    return { value: '', end };
  }
  const from = at + written.length;
  const quote = text[from];
  if (quote !== '"' && quote !== "'") {
    // A "#" begins a comment behind a blank only: `KEY=#a1` is a value.
    const value = /[ \t]$/.test(written) && quote === '#' ? '' : text.slice(from, end).replace(/[ \t]#.*$/s, '');
    return checked({ name, value: value.trim(), end }, from, report);
  }
  const close = closingQuote(text, from, quote);
  if (close === undefined) {
    mistake(report, from, from + 1, `the quote of "${name}" is never closed`, `close it with ${quote}`);
    return undefined;
  }
  const inner = text.slice(from + 1, close);
  if (matchAt(nothingMore, text, close + 1) === undefined) {
    const hint = `put the whole value in quotes, and write \\${quote} for a quote inside double quotes`;
    mistake(report, close + 1, lineEnd(text, close), `there is text after the closing quote of "${name}"`, hint);
  }
  return checked({ name, value: quote === '"' ? unescaped(inner) : inner, end: close }, from, report);
}

function checked(found: Required<Assignment>, at: number, report: Report): Assignment {
  if (found.value.includes('\0')) mistake(report, at, at + 1, `"${found.name}" contains a NUL character`, form);
  return found;
}

function closingQuote(text: string, from: number, quote: '"' | "'"): number | undefined {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === quote) return at;
    if (text[at] === '\\' && quote === '"') at += 1;
  }
  return undefined;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' };

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (whole, escaped: string) => escapes[escaped] ?? whole);
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function mistake(report: Report, start: number, end: number, message: string, hint: string): void {
  reportError(report, { code: 'run/bad-env-file', at: { start, end }, message, hint });
}
