import type { Diagnostic } from '../model/diagnostic.ts';
import { buildPipeline, type PartialSpec } from './build/build-pipeline.ts';
import type { IncludedFile, ReadIncluded } from './include/included-file.ts';
import { readIncludes } from './include/read-includes.ts';
import { isReadable } from './readable-text.ts';
import { type Report, reportError } from './report-error.ts';
import { pipeline } from './schema/pipeline-shape.ts';
import { createSource } from './source.ts';
import { parseYaml } from './yaml/parse-yaml.ts';

/** A pipeline file and those that it includes, as far as they could be read. */
export type ReadPipeline = {
  readonly partial?: PartialSpec;
  readonly included: readonly IncludedFile[];
  readonly diagnostics: readonly Diagnostic[];
};

/**
 * Reads a pipeline file, and those that it includes. Never throws.
 * @param read reads the files that it includes; absent where no other file may be looked at
 * @returns every mistake of one pass, in the order of the files, each with its location; and what could be read in spite of
 * them, so that the graph can be checked in the same pass. Nothing when the text is no YAML at all.
 */
export function readPipeline(text: string, file: string, read?: ReadIncluded): ReadPipeline {
  // Editors do not count a byte order mark as a column.
  const source = createSource(file, text.startsWith('\ufeff') ? text.slice(1) : text);
  const report: Report = { source, diagnostics: [] };
  if (!isReadable(source.text, report, 'is it a pipeline file?'))
    return { included: [], diagnostics: report.diagnostics };
  const root = parseYaml(report);
  if (root.kind === 'empty') {
    const hint = 'create a small pipeline with etl-tui init';
    reportError(report, { code: 'spec/bad-type', at: root, message: 'the file is empty', hint });
  }
  const record = root.kind === 'empty' ? undefined : pipeline.read(root, 'the file', report);
  const whole = record === undefined ? undefined : readIncludes(record, report, read);
  const partial = whole === undefined ? undefined : buildPipeline(whole.record, report);
  const { included = [] } = whole ?? {};
  return {
    ...(partial === undefined ? {} : { partial }),
    included,
    diagnostics: report.diagnostics.sort(inOrderOf(included)),
  };
}

/** In the order of the files, each in its own order. */
export function inOrderOf(included: readonly IncludedFile[]): (a: Diagnostic, b: Diagnostic) => number {
  const places = new Map(included.map(({ file }, place) => [file, place + 1]));
  const placeOf = ({ at }: Diagnostic) => places.get(at?.file ?? '') ?? 0;
  return (a, b) =>
    placeOf(a) - placeOf(b) || (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.col ?? 0) - (b.at?.col ?? 0);
}
