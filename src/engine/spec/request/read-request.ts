import type { DataRequest, Written } from '../../model/data-request.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EpochMs } from '../../model/ids.ts';
import { isReadable } from '../readable-text.ts';
import { type Report, reportError } from '../report-error.ts';
import type { LocatedText } from '../schema/scalar-shapes.ts';
import { reportType } from '../schema/shape.ts';
import { createSource, locate, type Source } from '../source.ts';
import { parseYaml } from '../yaml/parse-yaml.ts';
import { canonicalRequest } from './canonical-keys.ts';
import { type RequestRecord, requestKeys, requestShape, valuesOf } from './request-shape.ts';

/** A generated file may repeat one mistake a thousand times. */
const maxMistakes = 50;

/**
 * Reads a `data_refresh_request`. Never throws.
 * @param keys those that the pipeline declares in `requests.params`
 * @returns every mistake, in the order of the file, each with its location; the request when there is none; who sent it as
 * far as it could be read
 */
export function readRequest(
  text: string,
  file: string,
  keys: readonly string[],
): { readonly request?: DataRequest; readonly from?: string; readonly diagnostics: readonly Diagnostic[] } {
  const source = createSource(file, text.startsWith('\ufeff') ? text.slice(1) : text);
  const report: Report = { source, diagnostics: [] };
  const hint = 'is it a request?';
  if (!isReadable(source.text, report, hint)) return { diagnostics: report.diagnostics };
  const root = parseYaml(report);
  const own = keys.filter((key) => !requestKeys.includes(key));
  if (root.kind === 'empty') reportType(report, root, 'the request', 'a mapping of keys and values');
  const map = root.kind === 'map' ? canonicalRequest(root, new Set(own), report) : root;
  const read = root.kind === 'empty' ? undefined : requestShape(own).read(map, 'the request', report);
  const request = read === undefined ? undefined : build(read, own, report);
  const diagnostics = report.diagnostics.sort(byPlace).slice(0, maxMistakes);
  return {
    ...(request === undefined || diagnostics.length > 0 ? {} : { request }),
    ...(read?.from === undefined ? {} : { from: read.from }),
    diagnostics,
  };
}

function build(read: RequestRecord, own: readonly string[], report: Report): DataRequest | undefined {
  const { source } = report;
  const { from, created_at: created, validate = true, freshness, completeness } = read;
  const deadline = deadlineOf(read, report);
  if (from === undefined) return undefined;
  const params = own.flatMap((key) => {
    const values = valuesOf(read, key);
    return values === undefined ? [] : [[key, writtenAll(values, source)] as const];
  });
  return {
    ...(read.id === undefined ? {} : { id: read.id }),
    from,
    ...(read.to === undefined ? {} : { to: read.to }),
    ...(read.note === undefined ? {} : { note: read.note }),
    priority: read.priority ?? 'normal',
    ...(created === undefined ? {} : { createdAt: created.value }),
    ...(deadline === undefined ? {} : { deadline }),
    ifLate: read.if_late ?? 'run',
    scope: writtenAll(read.scope ?? [], source),
    params: new Map(params),
    ...(freshness === undefined ? {} : { freshness: { value: freshness.value, ...written(freshness, source) } }),
    ...(completeness?.value === true ? { completeness: written(completeness, source) } : {}),
    validate: typeof validate === 'boolean' ? validate : writtenAll(validate, source),
    ...(read.expected_deliverables === undefined
      ? {}
      : { deliverables: writtenAll(read.expected_deliverables, source) }),
  };
}

function deadlineOf({ deadline, created_at: created, node }: RequestRecord, report: Report): DataRequest['deadline'] {
  if (deadline === undefined) return undefined;
  const { value } = deadline;
  if ('at' in value) return { value: value.at, ...written(deadline, report.source) };
  if (created !== undefined) {
    return { value: (created.value + value.afterMs) as EpochMs, ...written(deadline, report.source) };
  }
  // One that is there and wrong has been reported.
  if (!node.entries.some(({ key }) => key === 'created_at')) {
    const message = `"${deadline.text}" is relative, but the request has no "created_at"`;
    const hint = 'add "created_at", or write the deadline as a date and time with time zone';
    reportError(report, { code: 'spec/missing-key', at: deadline, message, hint });
  }
  return undefined;
}

function written(range: LocatedText, source: Source): Written {
  return { text: range.text, at: locate(source, range) };
}

function writtenAll(texts: readonly LocatedText[], source: Source): readonly Written[] {
  return texts.map((text) => written(text, source));
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.col ?? 0) - (b.at?.col ?? 0);
}
