import type { Diagnostic } from '../model/diagnostic.ts';
import { buildPipeline, type PartialSpec } from './build/build-pipeline.ts';
import { type Report, reportError } from './report-error.ts';
import { pipeline } from './schema/pipeline-shape.ts';
import { createSource } from './source.ts';
import { parseYaml } from './yaml/parse-yaml.ts';

const maxBytes = 1_048_576;

/**
 * Reads a pipeline file. Never throws.
 * @returns every mistake of one pass, in the order of the file, each with its location; and what could be read in spite of
 * them, so that the graph can be checked in the same pass. Nothing when the text is no YAML at all.
 */
export function readPipeline(
  text: string,
  file: string,
): { readonly partial?: PartialSpec; readonly diagnostics: readonly Diagnostic[] } {
  // Editors do not count a byte order mark as a column.
  const source = createSource(file, text.startsWith('\ufeff') ? text.slice(1) : text);
  const report: Report = { source, diagnostics: [] };
  if (!isReadable(source.text, report)) return { diagnostics: report.diagnostics };
  const root = parseYaml(report);
  if (root.kind === 'empty') {
    const hint = 'etl-tui init writes a small pipeline to start from';
    reportError(report, { code: 'spec/bad-type', at: root, message: 'the file is empty', hint });
  }
  const record = root.kind === 'empty' ? undefined : pipeline.read(root, 'the file', report);
  const partial = record === undefined ? undefined : buildPipeline(record, report);
  return { ...(partial === undefined ? {} : { partial }), diagnostics: report.diagnostics.sort(byLocation) };
}

function isReadable(text: string, report: Report): boolean {
  const start = { start: 0, end: 1 };
  // A UTF-16 unit takes at most three bytes in UTF-8, so a short text need not be encoded to be measured.
  if (text.length * 3 > maxBytes && new TextEncoder().encode(text).length > maxBytes) {
    const message = 'the file is larger than 1 MiB';
    reportError(report, { code: 'spec/too-large', at: start, message, hint: 'is it a pipeline file?' });
    return false;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in the file
  const unreadable = /[\0-\x08\v\f\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]|\r(?!\n)/u.exec(text);
  if (unreadable === null) return true;
  const code = unreadable[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  const message = `the file holds a control character (U+${code}), so it is not YAML`;
  const hint = code === '000D' ? 'end lines with a line feed' : 'is it a text file in UTF-8?';
  reportError(report, {
    code: 'spec/unreadable',
    at: { start: unreadable.index, end: unreadable.index + 1 },
    message,
    hint,
  });
  return false;
}

function byLocation(a: Diagnostic, b: Diagnostic): number {
  return (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.col ?? 0) - (b.at?.col ?? 0);
}
