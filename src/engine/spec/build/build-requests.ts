import type { DiagnosticCode } from '../../model/diagnostic.ts';
import type { TaskId } from '../../model/ids.ts';
import type { Deliverable, RequestParam, RequestRules } from '../../model/pipeline/request-rules.ts';
import { didYouMean } from '../../model/text/did-you-mean.ts';
import { formatDefaults } from '../format-defaults.ts';
import { type Report, reportError } from '../report-error.ts';
import type { Named } from '../schema/list-shapes.ts';
import type { LocatedText } from '../schema/scalar-shapes.ts';
import type { RequestsRecord } from '../schema/sections/requests-shape.ts';

/** The names that rules may use, by kind; undefined where the file was not read in full, so that some may be missing. */
export type NamesOfFile = {
  readonly tasks: ReadonlySet<string> | undefined;
  readonly levels: ReadonlySet<string> | undefined;
  readonly checks: ReadonlySet<string> | undefined;
  readonly params: ReadonlySet<string> | undefined;
};

type Kind = 'task' | 'task or level' | 'check' | 'parameter';

const codes: { readonly [kind in Kind]: DiagnosticCode } = {
  task: 'plan/unknown-task',
  'task or level': 'plan/unknown-task',
  check: 'plan/unknown-check',
  parameter: 'plan/unknown-param',
};

export function buildRequests(
  record: RequestsRecord | undefined,
  names: NamesOfFile,
  report: Report,
): { readonly requests?: RequestRules } {
  if (record === undefined) return {};
  const look = createLookup(names, report);
  const texts = (kind: Kind, list: readonly LocatedText[] | undefined) => {
    for (const one of list ?? []) look(kind, one);
    return (list ?? []).map(({ text }) => text);
  };
  return {
    requests: {
      scopes: (record.scopes?.entries ?? []).map(({ name, value }) => ({
        word: name,
        tasks: texts('task or level', value),
      })),
      params: (record.params?.entries ?? []).flatMap((entry) => buildParam(entry, look) ?? []),
      freshness: (record.freshness?.entries ?? []).flatMap(({ name, at, value }) => {
        look('task', { text: name, ...at });
        return value === undefined ? [] : [{ task: name as TaskId, column: value }];
      }),
      completeness: texts('check', record.completeness),
      deliverables: (record.deliverables?.entries ?? []).flatMap(({ name, at, value }) => {
        if (value === undefined) return [];
        const { description, table, file, tasks, checks, node } = value;
        if (node.complete && !node.entries.some(({ key }) => key === 'table' || key === 'file')) {
          const message = `deliverable "${name}" has neither a "table" nor a "file"`;
          reportError(report, { code: 'spec/missing-key', at, message, hint: 'add one of them' });
        }
        const deliverable: Deliverable = {
          name,
          ...(description === undefined ? {} : { description }),
          ...(table === undefined ? {} : { table }),
          ...(file === undefined ? {} : { file }),
          tasks: texts('task', tasks) as TaskId[],
          checks: texts('check', checks),
        };
        return [deliverable];
      }),
    },
  };
}

type ParamRecord = NonNullable<ValueOfEntry<RequestsRecord['params']>>;
type ValueOfEntry<Map> = NonNullable<Map> extends { readonly entries: readonly Named<infer Value>[] } ? Value : never;

function buildParam(
  { name, value }: Named<ParamRecord>,
  look: (kind: Kind, name: LocatedText) => void,
): RequestParam | undefined {
  if (value === undefined) return undefined;
  const [param, as] = 'text' in value ? [value, undefined] : [value.param, value.as];
  if (param === undefined) return undefined;
  look('parameter', param);
  return { key: name, param: param.text, as: as ?? formatDefaults.requests.as };
}

function createLookup(names: NamesOfFile, report: Report): (kind: Kind, name: LocatedText) => void {
  const known: { readonly [kind in Kind]: ReadonlySet<string> | undefined } = {
    task: names.tasks,
    'task or level': names.tasks && names.levels && new Set([...names.tasks, ...names.levels]),
    check: names.checks,
    parameter: names.params,
  };
  return (kind, { text, ...at }) => {
    const all = known[kind];
    if (all === undefined || all.has(text)) return;
    const meant = didYouMean(text, all);
    reportError(report, {
      code: codes[kind],
      at,
      message: `"requests" names a ${kind} "${text}", which does not exist`,
      hint: meant === undefined ? `use the name of a ${kind} of this file` : `did you mean "${meant}"?`,
    });
  };
}
