import type { DiagnosticCode } from '../../model/diagnostic.ts';
import { type Report, reportError } from '../report-error.ts';
import type { Mapping, Named } from '../schema/list-shapes.ts';
import type { IncludedRecord, PipelineRecord } from '../schema/pipeline-shape.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../yaml/yaml-node.ts';

/**
 * The record of a pipeline file with what the files that it includes add to it, behind its own. A name that two of them
 * define is reported with both places, and the first one counts.
 * @param isWhole false when a file could not be read, so that names may be missing
 */
export function mergeRecords(
  main: PipelineRecord,
  parts: readonly IncludedRecord[],
  isWhole: boolean,
  report: Report,
): PipelineRecord {
  if (parts.length === 0) return isWhole ? main : { ...main, node: { ...main.node, complete: false } };
  const all: readonly IncludedRecord[] = [main, ...parts];
  const join = <Value>(key: MappingKey, noun: string, code: DiagnosticCode, of: Picker<Value>) => {
    const joined = joinMappings(all, key, of, (name, first) => {
      const message = `${noun} "${name.name}" is defined twice`;
      const related = [{ message: 'it is defined here', at: first.at }];
      reportError(report, { code, at: name.at, message, hint: 'rename or remove one of the two', related });
    });
    return joined === undefined ? {} : { [key]: joined };
  };
  const secrets = all.flatMap((record) => record.secrets ?? []);
  const checks = all.flatMap((record) => record.checks ?? []);
  return {
    ...main,
    ...join('params', 'parameter', 'spec/duplicate-key', (record) => record.params),
    ...join('env', 'variable', 'spec/duplicate-key', (record) => record.env),
    ...join('pools', 'pool', 'spec/duplicate-key', (record) => record.pools),
    ...join('tasks', 'task', 'plan/duplicate-task', (record) => record.tasks),
    ...(secrets.length === 0 ? {} : { secrets }),
    ...(checks.length === 0 ? {} : { checks }),
    node: joinNodes(main.node, parts, isWhole),
  };
}

type MappingKey = 'params' | 'env' | 'pools' | 'tasks';
type Picker<Value> = (record: IncludedRecord) => Mapping<Value> | undefined;

/** Undefined when no file has the key. */
function joinMappings<Value>(
  records: readonly IncludedRecord[],
  key: MappingKey,
  of: Picker<Value>,
  onDuplicate: (entry: Named<Value>, first: Named<Value>) => void,
): Mapping<Value> | undefined {
  const found = new Map<string, Named<Value>>();
  let complete = true;
  let isGiven = false;
  for (const record of records) {
    const mapping = of(record);
    if (mapping === undefined) {
      complete &&= entryOf(record.node, key) === undefined;
      continue;
    }
    isGiven = true;
    complete &&= mapping.complete;
    for (const entry of mapping.entries) {
      const first = found.get(entry.name);
      if (first === undefined) found.set(entry.name, entry);
      else onDuplicate(entry, first);
    }
  }
  return isGiven ? { entries: [...found.values()], complete } : undefined;
}

/** The node of the file as a whole, which says what is there although it may not be valid. */
function joinNodes(main: YamlMap, parts: readonly IncludedRecord[], isWhole: boolean): YamlMap {
  const nodes = [main, ...parts.map(({ node }) => node)];
  const lists = nodes.flatMap((node) => entryOf(node, 'checks') ?? []);
  const [first] = lists;
  const entries = main.entries.filter(({ key }) => key !== 'checks');
  const complete = isWhole && nodes.every((node) => node.complete);
  if (first === undefined) return { ...main, complete };
  const items = lists.flatMap(({ value }): readonly YamlNode[] => (value.kind === 'list' ? value.items : [value]));
  return {
    ...main,
    entries: [...entries, { ...first, value: { ...first.value, kind: 'list', items } }],
    complete: complete && lists.every(({ value }) => value.kind === 'list'),
  };
}

function entryOf({ entries }: YamlMap, wanted: string): YamlEntry | undefined {
  return entries.find(({ key }) => key === wanted);
}
