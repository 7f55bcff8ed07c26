import { isReadable } from '../readable-text.ts';
import { type Report, reportError } from '../report-error.ts';
import { type IncludedRecord, includedFile, type PipelineRecord } from '../schema/pipeline-shape.ts';
import type { LocatedText } from '../schema/scalar-shapes.ts';
import { createSource, includeSource } from '../source.ts';
import { parseYaml } from '../yaml/parse-yaml.ts';
import type { IncludedFile, ReadIncluded } from './included-file.ts';
import { mergeRecords } from './merge-records.ts';
import { shiftNode } from './shift-node.ts';

const maxFiles = 100;

/** What the file that a pipeline begins with makes together with those that it includes. */
export type WholePipeline = {
  readonly record: PipelineRecord;
  /** In the order in which they were read. */
  readonly included: readonly IncludedFile[];
};

/**
 * Reads the files that `main` includes, and those that they include, and adds what is in them. A file that is included twice
 * is read once. Mistakes are reported at their places, whichever file they are in: `spec/bad-include` for a file that cannot
 * be read or includes itself, and names that two files define.
 * @param read absent where no other file may be looked at
 */
export function readIncludes(main: PipelineRecord, report: Report, read: ReadIncluded | undefined): WholePipeline {
  if (main.include === undefined) return { record: main, included: [] };
  const files = new Map<string, IncludedFile>();
  const records: IncludedRecord[] = [];
  let isWhole = true;

  const refuse = (at: LocatedText, message: string, more: { hint?: string; related?: readonly Step[] } = {}) => {
    isWhole = false;
    const { start, end } = at;
    reportError(report, { code: 'spec/bad-include', at: { start, end }, message, ...more });
  };

  const add = (at: LocatedText, steps: readonly Step[], from: string) => {
    if (read === undefined) return refuse(at, `"${at.text}" cannot be included here`);
    const found = read(at.text, from);
    if (!found.ok) return refuse(at, `"${at.text}" cannot be included: ${found.error}`, { hint });
    const { file, text } = found.value;
    const known = steps.findIndex((step) => step.file === file);
    if (file === report.source.file || known >= 0) {
      const round = [...steps.slice(known + 1), { file, at, message: '' }];
      const names = [file, ...round.map((step) => step.file)].join(' → ');
      return refuse(at, `"${file}" includes itself: ${names}`, {
        hint: 'remove one of the includes',
        related: steps.slice(known + 1).map((step) => ({ ...step, message: `"${step.file}" is included here` })),
      });
    }
    if (files.has(file)) return;
    if (files.size === maxFiles) return refuse(at, `more than ${maxFiles} files are included`);
    files.set(file, { file, text });
    const record = readOne({ file, text }, report);
    if (record === undefined) {
      isWhole = false;
      return;
    }
    records.push(record);
    for (const next of listOf(record)) add(next, [...steps, { file, at, message: '' }], file);
  };

  for (const path of listOf(main)) add(path, [], report.source.file);
  return { record: mergeRecords(main, records, isWhole, report), included: [...files.values()] };
}

const hint = 'paths are relative to the directory of the including file';

/** How a file came to be included. */
type Step = { readonly file: string; readonly at: LocatedText; readonly message: string };

function listOf({ include }: Pick<PipelineRecord, 'include'>): readonly LocatedText[] {
  if (include === undefined) return [];
  return 'text' in include ? [include] : include;
}

/** Undefined when the file has no keys that could be read, which has been reported. */
function readOne({ file, text }: IncludedFile, report: Report): IncludedRecord | undefined {
  const own: Report = { source: createSource(file, text.replace(/^\ufeff/, '')), diagnostics: report.diagnostics };
  const base = includeSource(report.source, own.source);
  if (!isReadable(own.source.text, own, 'is it a part of a pipeline file?')) return undefined;
  const root = parseYaml(own);
  if (root.kind === 'empty') {
    reportError(own, { code: 'spec/bad-type', at: root, message: 'the file is empty' });
    return undefined;
  }
  return includedFile.read(shiftNode(root, base), 'the file', report);
}
