import { parseParamValues, readParamText } from '../../model/params/param-values.ts';
import { variableSuffixes } from '../../model/params/param-variables.ts';
import { isRelative, momentKind } from '../../model/params/read-moment.ts';
import { isTimeZone, similarTimeZone } from '../../model/params/time-zone.ts';
import type { ParamSpec, ParamType } from '../../model/pipeline/pipeline.ts';
import { type Report, reportError } from '../report-error.ts';
import type { Named } from '../schema/list-shapes.ts';
import type { PipelineRecord } from '../schema/pipeline-shape.ts';
import { valueRange } from '../schema/record-shape.ts';
import type { LocatedText } from '../schema/scalar-shapes.ts';
import type { ParamRecord } from '../schema/sections/param-shape.ts';
import type { SourceRange } from '../yaml/yaml-node.ts';
import { compilePattern, type Pattern } from './compile-pattern.ts';

/** @param ofMatrices names of the parameters of whose values a matrix makes a task each */
export function buildParams(
  params: PipelineRecord['params'],
  report: Report,
  ofMatrices: ReadonlySet<string> = new Set(),
): readonly ParamSpec[] {
  const entries = params?.entries ?? [];
  reportSharedVariables(entries, report);
  return entries.map(({ name, value }) =>
    value === undefined ? { name } : buildParam(name, value, ofMatrices.has(name), report),
  );
}

function buildParam(name: string, record: ParamRecord, isOfMatrix: boolean, report: Report): ParamSpec {
  const { pattern, description, node } = record;
  const matches = patternOf(record, report);
  const plain: ParamSpec = {
    name,
    ...(pattern === undefined ? {} : { pattern }),
    ...(description === undefined ? {} : { description }),
  };
  // Of a type that could not be read, nothing more can be said.
  if (record.type === undefined && node.entries.some(({ key }) => key === 'type')) return plain;
  const type = typeOf(record);
  const param: ParamSpec = {
    ...plain,
    ...(type === undefined ? {} : { type }),
    ...timeZoneOf(name, type, record, report),
    ...choicesOf(name, type, record, report),
    ...(isOfMatrix ? { several: true as const } : {}),
  };
  const value = defaultOf(param, record, matches, report);
  return value === undefined ? param : { ...param, default: value };
}

function typeOf({ type }: Pick<ParamRecord, 'type'>): ParamType | undefined {
  return type === 'text' ? undefined : type;
}

function patternOf({ pattern, node }: ParamRecord, report: Report): Pattern | undefined {
  const matches = pattern === undefined ? undefined : compilePattern(pattern);
  if (typeof matches !== 'string') return matches;
  const hint = 'use a JavaScript regular expression';
  const message = `"${pattern}" cannot be used as a pattern: ${matches}`;
  reportError(report, { code: 'spec/bad-value', at: valueRange(node, 'pattern'), message, hint });
  return undefined;
}

function timeZoneOf(
  name: string,
  type: ParamType | undefined,
  { timezone: zone }: ParamRecord,
  report: Report,
): Pick<ParamSpec, 'timeZone'> {
  if (zone === undefined) return {};
  const refuse = (message: string, hint: string) => {
    reportError(report, { code: 'spec/bad-value', at: zone, message, hint });
    return {};
  };
  if (momentKind(type) === undefined) {
    return refuse(`parameter "${name}" is not a date, so it cannot have a time zone`, 'add type: date, month or hour');
  }
  if (isTimeZone(zone.text)) return { timeZone: zone.text };
  const meant = similarTimeZone(zone.text);
  const hint = meant === undefined ? 'it takes UTC or a name such as Europe/Berlin' : `did you mean "${meant}"?`;
  return refuse(`there is no time zone "${zone.text}"`, hint);
}

function choicesOf(
  name: string,
  type: ParamType | undefined,
  { choices, node }: ParamRecord,
  report: Report,
): Pick<ParamSpec, 'choices'> {
  const entry = node.entries.find(({ key }) => key === 'choices');
  if (type !== 'choice' && entry !== undefined) {
    const { at } = entry;
    const message = `parameter "${name}" has "choices", but its type is not choice`;
    reportError(report, { code: 'spec/bad-value', at, message, hint: 'add type: choice, or use a "pattern"' });
    return {};
  }
  if (type === 'choice' && entry === undefined && node.complete) {
    const message = `parameter "${name}" has no "choices"`;
    const hint = 'list the allowed values: choices: [full, delta]';
    reportError(report, { code: 'spec/missing-key', at: valueRange(node, 'type'), message, hint });
  }
  return choices === undefined ? {} : { choices: choices.map(({ text }) => text) };
}

/** As it is written once and for all, but for one that depends on the start. */
function defaultOf(
  param: ParamSpec,
  { default: written, node }: ParamRecord,
  matches: Pattern | undefined,
  report: Report,
): string | undefined {
  if (written === undefined || (param.type === 'choice' && param.choices === undefined)) return undefined;
  const at = 'text' in written ? written : valueRange(node, 'default');
  const refuse = (message: string, hint?: string) => {
    reportError(report, { code: 'spec/bad-value', at, message, hint });
    return undefined;
  };
  if (!('text' in written)) {
    if (param.type !== 'list') {
      return refuse(`the default of parameter "${param.name}" must be text, not a list`, 'add type: list');
    }
    const comma = written.find(({ text }) => text.includes(','));
    if (comma !== undefined) return refuseComma(param, comma, report);
  }
  const text = 'text' in written ? written.text : written.map((one) => one.text).join(',');
  const read = readParamText(param, text, undefined);
  if (!read.ok) return refuse(`the default of parameter "${param.name}" cannot be "${text}"`, read.error);
  const kind = momentKind(param.type);
  const dependsOnStart = kind !== undefined && read.value.split(/,|\.\./).some((one) => isRelative(kind, one));
  if (matches !== undefined && !dependsOnStart && !parseParamValues(param, read.value).every(matches)) {
    return refuse(`the default of parameter "${param.name}" does not match its pattern ${param.pattern}`);
  }
  return read.value;
}

function refuseComma({ name }: ParamSpec, at: LocatedText, report: Report): undefined {
  const message = `a value in the default of parameter "${name}" has a comma, but commas separate the values of a list`;
  reportError(report, { code: 'spec/bad-value', at, message });
}

/** `day_year` would take the variable of the year of `day`. */
function reportSharedVariables(entries: readonly Named<ParamRecord>[], report: Report): void {
  const places = new Map<string, SourceRange>(entries.map(({ name, at }) => [name, at]));
  for (const { name, value, at: first } of entries) {
    for (const suffix of variableSuffixes(value && typeOf(value))) {
      const other = `${name}_${suffix.toLowerCase()}`;
      const at = places.get(other);
      if (at === undefined) continue;
      const message = `parameter "${other}" has the same variable as a part of "${name}"`;
      const related = [{ message: `"${name}" is here`, at: first }];
      const hint = `rename it: ETL_PARAM_${other.toUpperCase()} comes from "${name}"`;
      reportError(report, { code: 'spec/bad-name', at, message, hint, related });
    }
  }
}
