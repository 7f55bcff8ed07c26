import { didYouMean } from '../../model/text/did-you-mean.ts';
import { type Report, reportError } from '../report-error.ts';
import { writeEntries, writeFlow, writeText } from '../yaml/write-flow.ts';
import { forbiddenKeys, type SourceRange, type YamlEntry, type YamlNode } from '../yaml/yaml-node.ts';
import type { LocatedText } from './scalar-shapes.ts';
import { type JsonSchema, reportType, reportValue, type Shape } from './shape.ts';

type ListRule = { readonly wanted: string; readonly each: string; readonly min?: number };

/** A list; invalid items are reported and left out. */
export function listOf<Item>(item: Shape<Item>, rule: ListRule): Shape<readonly Item[]> {
  const min = rule.min ?? 0;
  return {
    schema: { type: 'array', items: item.schema, ...(min > 0 ? { minItems: min } : {}) },
    read: (node, label, report) => {
      if (node.kind !== 'list') return reportType(report, node, label, rule.wanted, asList(node, item.schema));
      if (node.items.length < min) return reportValue(report, node, `${label} is empty`, `it takes ${rule.wanted}`);
      const items: Item[] = [];
      for (const child of node.items) {
        const value = item.read(child, rule.each, report);
        if (value !== undefined) items.push(value);
      }
      return items;
    },
  };
}

/** How what was written would be a list of one item. */
function asList(node: YamlNode, item: JsonSchema): string | undefined {
  if (node.kind === 'scalar') return asListOf(node, item);
  const takesMappings = item['type'] === 'object' || item['anyOf'] !== undefined;
  if (node.kind !== 'map' || !takesMappings) return undefined;
  const [first] = node.entries;
  // Names with what belongs to them, as in a mapping of tasks.
  return first?.value.kind === 'map'
    ? `write a list, with the names inside: - ${writeEntries([nameEntry(first), ...first.value.entries])}`
    : `write a list: - ${writeFlow(node)}`;
}

/** One item, or several with blanks or commas between them; nothing that would be the next mistake. */
function asListOf(node: YamlNode & { readonly kind: 'scalar' }, item: JsonSchema): string | undefined {
  if (fits(node.text, item)) return `write [${writeFlow(node)}]`;
  const words = node.text.split(/[\s,]+/).filter((word) => word !== '');
  const meant = words.map((word) => (fits(word, item) ? word : didYouMean(word, (item['enum'] ?? []) as string[])));
  return meant.length > 0 && meant.every((word) => word !== undefined) ? `write [${meant.join(', ')}]` : undefined;
}

/** Whether a schema of a scalar accepts a text, as far as it is about its form. */
function fits(text: string, schema: JsonSchema): boolean {
  const {
    pattern,
    enum: words,
    not,
    allOf = [],
  } = schema as {
    readonly pattern?: string;
    readonly enum?: readonly unknown[];
    readonly not?: JsonSchema;
    readonly allOf?: readonly JsonSchema[];
  };
  if (pattern !== undefined && !new RegExp(pattern).test(text)) return false;
  if (words !== undefined && !words.includes(text)) return false;
  return (not === undefined || !fits(text, not)) && allOf.every((one) => fits(text, one));
}

function nameEntry({ key, at }: YamlEntry): YamlEntry {
  return { key: 'name', at, value: { kind: 'scalar', text: key, plain: true, ...at } };
}

/** How a list would be a mapping: of items that are named by a key, that have one key each, or that are written NAME=VALUE. */
function asMapping(node: YamlNode): string | undefined {
  const first = node.kind === 'list' ? node.items[0] : undefined;
  if (first?.kind === 'scalar') {
    const [, name, value] = /^([^=\s]+)=(.*)$/.exec(first.text) ?? [];
    return name === undefined ? undefined : `write { ${name}: ${writeText(value ?? '')} }`;
  }
  if (first?.kind !== 'map') return undefined;
  const name = first.entries.find(({ key }) => key === 'name')?.value;
  if (name?.kind === 'scalar')
    return `write each task under its name: ${name.text}: ${writeEntries(first.entries.filter(({ key }) => key !== 'name'))}`;
  const [only, ...others] = first.entries;
  return only !== undefined && others.length === 0
    ? `remove the dashes: ${only.key}: ${writeFlow(only.value)}`
    : undefined;
}

/** A list of distinct names. */
export function namesOf(name: Shape<LocatedText>, rule: ListRule): Shape<readonly LocatedText[]> {
  const list = listOf(name, rule);
  return {
    schema: { ...list.schema, uniqueItems: true },
    read: (node, label, report) => {
      const names = list.read(node, label, report);
      const seen = new Map<string, LocatedText>();
      for (const one of names ?? []) {
        const first = seen.get(one.text);
        if (first === undefined) seen.set(one.text, one);
        else {
          const related = [{ message: 'the first time was here', at: first }];
          reportError(report, {
            code: 'spec/bad-value',
            at: one,
            message: `${label} names "${one.text}" twice`,
            related,
          });
        }
      }
      return names === undefined ? undefined : [...seen.values()];
    },
  };
}

/** An entry of a mapping whose keys are names chosen by the author. */
export type Named<Value> = {
  readonly name: string;
  readonly at: SourceRange;
  /** Undefined when the value was invalid, which has been reported. */
  readonly value: Value | undefined;
  readonly node: YamlNode;
};

/** `complete` is false when an entry was rejected, so that a name may be missing. */
export type Mapping<Value> = { readonly entries: readonly Named<Value>[]; readonly complete: boolean };

type KeyRule = { readonly pattern: RegExp; readonly form: string };

export function mappingOf<Value>(
  value: Shape<Value>,
  key: KeyRule,
  rule: { readonly wanted: string; readonly each: (name: string) => string },
): Shape<Mapping<Value>> {
  return {
    schema: { type: 'object', propertyNames: namesSchema(key), additionalProperties: value.schema },
    read: (node, label, report) => {
      if (node.kind !== 'map') return reportType(report, node, label, rule.wanted, asMapping(node));
      const entries = node.entries.map(({ key: name, at, value: child }) => {
        checkName(report, name, at, key);
        return { name, at, value: value.read(child, rule.each(name), report), node: child };
      });
      return { entries, complete: node.complete };
    },
  };
}

function namesSchema(key: KeyRule): JsonSchema {
  return { pattern: key.pattern.source, patternErrorMessage: key.form, not: { enum: [...forbiddenKeys] } };
}

function checkName(report: Report, name: string, at: SourceRange, key: KeyRule): void {
  if (!key.pattern.test(name)) {
    const like = name
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .trim()
      .replace(/[^A-Za-z0-9_.-]+/g, '_');
    const meant = [like, like.toLowerCase()].find((one) => one !== name && key.pattern.test(one));
    const hint = meant === undefined ? key.form : `write ${meant}; ${key.form}`;
    reportError(report, { code: 'spec/bad-name', at, message: `"${name}" is not a valid name`, hint });
  }
}
