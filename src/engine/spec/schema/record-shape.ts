import { didYouMean } from '../../model/text/did-you-mean.ts';
import { type Report, reportError } from '../report-error.ts';
import { writeFlow, writeText } from '../yaml/write-flow.ts';
import type { SourceRange, YamlEntry, YamlMap, YamlNode } from '../yaml/yaml-node.ts';
import { type JsonSchema, reportType, requires, type Shape, type ValueOf } from './shape.ts';

/** One key of a record. `describes` is its description in the JSON Schema, which editors show. */
export type Field<Value> = {
  readonly shape: Shape<Value>;
  readonly describes: string;
  readonly required?: true;
  /** Another name under which the key is accepted. */
  readonly synonym?: string;
  /** The default, as it would be written in the file. */
  readonly absent?: unknown;
};

/** The keys of a record; parser and schema are both derived from this table. */
export type Fields = { readonly [key: string]: Field<unknown> };

/** The valid values by key; missing and invalid ones are absent. `node` has the source ranges. */
export type RecordOf<Table extends Fields> = {
  readonly [Key in keyof Table]?: ValueOf<Table[Key]['shape']>;
} & { readonly node: YamlMap };

/**
 * A mapping with a fixed set of keys.
 * @param noun its name in messages: "a task", "the file"
 * @param main the key that was probably meant by who writes a text or a list in place of the mapping
 */
export function record<Table extends Fields>(
  noun: string,
  fields: Table,
  main?: string & keyof Table,
): Shape<RecordOf<Table>> {
  const keys = new Map<string, string>();
  for (const [key, field] of Object.entries(fields)) {
    keys.set(key, key);
    if (field.synonym !== undefined) keys.set(field.synonym, key);
  }
  return {
    schema: recordSchema(noun, fields),
    read: (node, label, report) => {
      if (node.kind !== 'map')
        return reportType(report, node, label, 'a mapping of keys and values', colonHint(node) ?? mainHint(node, main));
      const values: Record<string, unknown> = { node };
      const given = new Map<string, YamlEntry>();
      const present = new Set<string | undefined>();
      for (const entry of node.entries) {
        const key = keys.get(entry.key);
        // A misspelled key is reported once, and not also as missing.
        present.add(key ?? reportUnknownKey(report, entry, noun, keys));
        if (key === undefined) continue;
        if (given.has(key)) reportSynonyms(report, entry, given.get(key)!);
        else {
          given.set(key, entry);
          const value: unknown = fields[key]!.shape.read(entry.value, `"${entry.key}"`, report);
          if (value !== undefined) values[key] = value;
        }
      }
      reportMissing(report, node, label, fields, present);
      return values as RecordOf<Table>;
    },
  };
}

/** The range of the value of a key, or the start of the record when it has no such key. */
export function valueRange(node: YamlMap, key: string): SourceRange {
  const value = node.entries.find((entry) => entry.key === key)?.value;
  return value === undefined || value.kind === 'map' ? { start: node.start, end: node.start + 1 } : value;
}

function recordSchema(noun: string, fields: Fields): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  const exclusions: JsonSchema[] = [];
  for (const [key, field] of Object.entries(fields)) {
    const schema = { description: field.describes, ...field.shape.schema };
    properties[key] = field.absent === undefined ? schema : { ...schema, default: field.absent };
    if (field.required) required.push(key);
    if (field.synonym === undefined) continue;
    properties[field.synonym] = { ...field.shape.schema, description: `The same as "${key}".` };
    exclusions.push({ not: requires(key, field.synonym) });
  }
  return {
    title: noun.replace(/^(?:an?|the) /, '').replaceAll('"', ''),
    type: 'object',
    properties,
    additionalProperties: false,
    ...(required.length > 0 ? { required } : {}),
    ...(exclusions.length > 0 ? { allOf: exclusions } : {}),
  };
}

function reportMissing(
  report: Report,
  node: YamlMap,
  label: string,
  fields: Fields,
  present: ReadonlySet<string | undefined>,
): void {
  if (!node.complete) return;
  for (const [key, field] of Object.entries(fields)) {
    if (!field.required || present.has(key)) continue;
    const first = node.entries[0];
    const at = first === undefined ? { start: node.start, end: node.start + 1 } : first.at;
    reportError(report, { code: 'spec/missing-key', at, message: `${label} has no "${key}"`, hint: field.describes });
  }
}

function reportSynonyms(report: Report, entry: YamlEntry, first: YamlEntry): void {
  const message = `"${entry.key}" and "${first.key}" mean the same`;
  const related = [{ message: 'the other one is here', at: first.at }];
  reportError(report, { code: 'spec/duplicate-key', at: entry.at, message, hint: 'keep one of them', related });
}

/** Keys of other tools and the equivalent keys of this format, for hints. */
const keysOfOtherTools: Readonly<Record<string, string>> = {
  cmd: 'command',
  run: 'command',
  script: 'command',
  shell: 'command',
  'depends-on': 'dependencies',
  deps: 'dependencies',
  depends: 'dependencies',
  depends_on: 'dependencies',
  dependson: 'dependencies',
  needs: 'dependencies',
  requires: 'dependencies',
  upstream: 'dependencies',
  sources: 'inputs',
  generates: 'outputs',
  outs: 'outputs',
  environment: 'env',
  vars: 'env',
  max_retries: 'retries',
  max_attempts: 'retries',
  retry: 'retries',
  retry_delay: 'backoff',
  execution_timeout: 'timeout',
  'timeout-minutes': 'timeout',
  if: 'only_if',
  when: 'only_if',
  condition: 'only_if',
  precondition: 'only_if',
  preconditions: 'only_if',
  trigger_rule: 'run_when',
  'continue-on-error': 'continue_on_failure',
  continue_on_error: 'continue_on_failure',
  allow_failure: 'continue_on_failure',
  ignore_errors: 'continue_on_failure',
  strategy: 'matrix',
  foreach: 'matrix',
  with_items: 'matrix',
  pool: 'pools',
  label: 'labels',
  'runs-on': 'labels',
  runs_on: 'labels',
  queue: 'labels',
  parallelism: 'max_parallel',
  concurrency: 'max_parallel',
  levels: 'pipelines',
  jobs: 'tasks',
  steps: 'tasks',
  stages: 'tasks',
  registry: 'tasks',
  parameters: 'params',
  severity: 'on_fail',
  assertions: 'checks',
  tests: 'checks',
  sla: 'slas',
  query: 'sql',
  cwd: 'dir',
  'working-directory': 'dir',
  workdir: 'dir',
  working_dir: 'dir',
  working_directory: 'dir',
  directory: 'dir',
  dotenv: 'env_file',
  envfile: 'env_file',
  env_files: 'env_file',
  includes: 'include',
  import: 'include',
  imports: 'include',
};

/** Keys by which other tools say when a run starts. */
const scheduleKeys: ReadonlySet<string> = new Set(['schedule', 'schedule_interval', 'cron', 'cron_schedule']);

/** Returns the key that was probably meant, if any. */
function reportUnknownKey(
  report: Report,
  entry: YamlEntry,
  noun: string,
  keys: ReadonlyMap<string, string>,
): string | undefined {
  const translated = keysOfOtherTools[entry.key.toLowerCase()];
  const meant = translated !== undefined && keys.has(translated) ? translated : didYouMean(entry.key, keys.keys());
  const known = [...new Set(keys.values())];
  const others = meant === undefined ? `${noun} may have: ${known.join(', ')}` : `did you mean "${meant}"?`;
  const hint = scheduleKeys.has(entry.key.toLowerCase()) ? scheduleHint(entry.value, report.source.file) : others;
  const message = `${noun} has no key "${entry.key}"`;
  reportError(report, { code: 'spec/unknown-key', at: entry.at, message, hint });
  return meant === undefined ? undefined : keys.get(meant);
}

/** The line for `crontab -e` that starts the runs, with the times that were written, when they are such as cron understands. */
function scheduleHint(value: YamlNode, file: string): string {
  const written = value.kind === 'scalar' ? value.text.trim() : '';
  const isCron = /^(?:[\d*/,A-Za-z-]+(?:\s+[\d*/,A-Za-z-]+){4}|@(?:hourly|daily|weekly|monthly|yearly))$/.test(written);
  const line = `${isCron ? written : '0 6 * * *'} cd PROJECT && etl-tui run ${file} --ci --wait`;
  return `etl-tui starts no runs by itself; let cron do it (crontab -e), or a timer of systemd (docs/operations.md): ${line}`;
}

function mainHint(node: YamlNode, main: string | undefined): string | undefined {
  if (main === undefined || (node.kind !== 'scalar' && node.kind !== 'list')) return undefined;
  return `write { ${main}: ${node.kind === 'scalar' ? writeText(node.text) : writeFlow(node)} }`;
}

/** A hint for `key:value`, which YAML reads as one text because no space follows the colon. */
function colonHint(node: YamlNode): string | undefined {
  const glued = node.kind === 'scalar' && node.plain && /^[\w-]+:\S/.test(node.text);
  return glued ? 'put a space after the colon' : undefined;
}
