import type { DiagnosticCode } from '../../model/diagnostic.ts';
import { type Report, reportError } from '../report-error.ts';
import type { SourceRange, YamlNode } from '../yaml/yaml-node.ts';

/** A JSON Schema (draft 2020-12), as plain values. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * What a part of the file accepts: as a parser and as a JSON Schema, defined together so that the two cannot diverge.
 * `read` returns undefined after it has reported what is wrong; `label` is the name of the part in messages: `"timeout"`.
 */
export type Shape<Value> = {
  readonly schema: JsonSchema;
  readonly read: (node: YamlNode, label: string, report: Report) => Value | undefined;
};

/** That these keys are there. It names them, since a schema in strict mode requires no key that it does not know. */
export function requires(...keys: readonly string[]): JsonSchema {
  return { properties: Object.fromEntries(keys.map((key) => [key, true])), required: keys };
}

/** A scalar of one of these types. */
export function oneOfTypes(...types: readonly string[]): JsonSchema {
  return { anyOf: types.map((type) => ({ type })) };
}

/** Text in a form that is also said in words, for editors that show them in place of the pattern. */
export function textSchema(pattern: RegExp, form: string, ...examples: readonly string[]): JsonSchema {
  const shown = examples.length === 0 ? {} : { examples };
  return { type: 'string', pattern: pattern.source, patternErrorMessage: `must be ${form}`, ...shown };
}

/** The value that a shape reads. */
export type ValueOf<AnyShape> = AnyShape extends Shape<infer Value> ? Value : never;

/** Reports that a node has the wrong type; does nothing for a `broken` node, whose mistake has been reported. */
export function reportType(report: Report, node: YamlNode, label: string, wanted: string, hint?: string): undefined {
  if (node.kind === 'broken') return undefined;
  const message = isNull(node) ? `${label} has no value` : `${label} must be ${wanted}, not ${describeNode(node)}`;
  const at = node.kind === 'map' || node.kind === 'list' ? { start: node.start, end: node.start + 1 } : node;
  reportError(report, { code: 'spec/bad-type', at, message, hint: isNull(node) ? `it takes ${wanted}` : hint });
  return undefined;
}

export function reportValue(
  report: Report,
  at: SourceRange,
  message: string,
  hint?: string,
  code: DiagnosticCode = 'spec/bad-value',
): undefined {
  reportError(report, { code, at, message, hint });
  return undefined;
}

export function isNull(node: YamlNode): boolean {
  if (node.kind === 'empty') return true;
  return node.kind === 'scalar' && node.plain && /^(?:null|Null|NULL|~)$/.test(node.text);
}

/** The node as a number of YAML's core schema, or undefined. */
export function numberOf(node: YamlNode): number | undefined {
  if (node.kind !== 'scalar' || !node.plain) return undefined;
  return /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(node.text) ? Number(node.text) : undefined;
}

export function booleanOf(node: YamlNode): boolean | undefined {
  if (node.kind !== 'scalar' || !node.plain) return undefined;
  if (/^(?:true|True|TRUE)$/.test(node.text)) return true;
  return /^(?:false|False|FALSE)$/.test(node.text) ? false : undefined;
}

/** The node's text if it is a string in YAML's core schema, or undefined. */
export function textOf(node: YamlNode): string | undefined {
  if (node.kind !== 'scalar') return undefined;
  if (!node.plain) return node.text;
  return isNull(node) || booleanOf(node) !== undefined || looksNumeric(node.text) ? undefined : node.text;
}

function looksNumeric(text: string): boolean {
  return /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[\da-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(
    text,
  );
}

function describeNode(node: YamlNode): string {
  if (node.kind === 'map') return 'a mapping';
  if (node.kind === 'list') return 'a list';
  if (node.kind !== 'scalar') return 'nothing';
  if (textOf(node) !== undefined) return node.text.length > 40 ? 'text' : `"${node.text}"`;
  return node.text;
}
