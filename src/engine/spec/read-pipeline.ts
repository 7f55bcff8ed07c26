import type { Diagnostic } from '../model/diagnostic.ts';
import { buildPipeline, type PartialSpec } from './build/build-pipeline.ts';
import { isReadable } from './readable-text.ts';
import { type Report, reportError } from './report-error.ts';
import { pipeline } from './schema/pipeline-shape.ts';
import { createSource } from './source.ts';
import { parseYaml } from './yaml/parse-yaml.ts';

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
  if (!isReadable(source.text, report, 'is it a pipeline file?')) return { diagnostics: report.diagnostics };
  const root = parseYaml(report);
  if (root.kind === 'empty') {
    const hint = 'etl-tui init writes a small pipeline to start from';
    reportError(report, { code: 'spec/bad-type', at: root, message: 'the file is empty', hint });
  }
  const record = root.kind === 'empty' ? undefined : pipeline.read(root, 'the file', report);
  const partial = record === undefined ? undefined : buildPipeline(record, report);
  return { ...(partial === undefined ? {} : { partial }), diagnostics: report.diagnostics.sort(byLocation) };
}

function byLocation(a: Diagnostic, b: Diagnostic): number {
  return (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.col ?? 0) - (b.at?.col ?? 0);
}
