import type { DiagnosticCode } from '../../model/diagnostic.ts';
import { ownValue } from '../../model/own-value.ts';
import { didYouMean } from '../../model/text/did-you-mean.ts';
import type { SourceRange, YamlNode } from '../yaml/yaml-node.ts';
import {
  booleanOf,
  isNull,
  numberOf,
  oneOfTypes,
  reportType,
  reportValue,
  type Shape,
  textOf,
  textSchema,
} from './shape.ts';

/** A text with its source range, for names that are looked up later. */
export type LocatedText = SourceRange & { readonly text: string };

type TextRule = {
  /** Its name in messages: "a path", "text". */
  readonly wanted: string;
  /** Must reject blank text. */
  readonly pattern?: RegExp;
  /** The pattern in words, for messages. */
  readonly form?: string;
  readonly code?: DiagnosticCode;
  /** For the JSON Schema. */
  readonly examples?: readonly string[];
};

/** Text that is not blank. */
export function text(rule: TextRule): Shape<string> {
  const located = locatedText(rule);
  return { schema: located.schema, read: (node, label, report) => located.read(node, label, report)?.text };
}

export function locatedText(rule: TextRule): Shape<LocatedText> {
  const { wanted, pattern, form, code } = rule;
  return {
    schema: textSchema(pattern ?? /\S/, form ?? `${wanted} that is not blank`, ...(rule.examples ?? [])),
    read: (node, label, report) => {
      const written = textOf(node);
      if (written === undefined) {
        const hint = node.kind === 'scalar' ? `put it in quotes: "${node.text}"` : undefined;
        return reportType(report, node, label, wanted, hint);
      }
      if (written.trim() === '') return reportValue(report, node, `${label} is empty`, `it takes ${wanted}`);
      if (written.includes('\0')) return reportValue(report, node, `${label} contains a NUL character`);
      if (pattern !== undefined && !pattern.test(written)) {
        return reportValue(report, node, `${label} must be ${form ?? wanted}, not "${written}"`, undefined, code);
      }
      return { text: written, start: node.start, end: node.end };
    },
  };
}

/** Text that is passed to a program: may be empty, and numbers and booleans keep their notation. */
export const literal: Shape<LocatedText> = {
  schema: oneOfTypes('string', 'number', 'boolean'),
  read: (node, label, report) => {
    if (node.kind !== 'scalar' || isNull(node)) return reportType(report, node, label, 'text');
    if (node.text.includes('\0')) return reportValue(report, node, `${label} contains a NUL character`);
    return { text: node.text, start: node.start, end: node.end };
  },
};

/** @param inOtherTools what else the words are called, for hints */
export function oneOf<Word extends string>(
  words: readonly [Word, ...Word[]],
  inOtherTools: Readonly<Record<string, Word>> = {},
): Shape<Word> {
  const wanted = words.map((word) => `"${word}"`).join(' or ');
  return {
    schema: { enum: words },
    read: (node, label, report) => {
      const written = textOf(node);
      if (written === undefined) return reportType(report, node, label, wanted);
      const word = words.find((candidate) => candidate === written);
      if (word !== undefined) return word;
      const meant = ownValue(inOtherTools, written.toLowerCase()) ?? didYouMean(written, words);
      const hint = meant === undefined ? undefined : `did you mean "${meant}"?`;
      return reportValue(report, node, `${label} must be ${wanted}, not "${written}"`, hint);
    },
  };
}

export const flag: Shape<boolean> = {
  schema: { type: 'boolean' },
  read: (node, label, report) => {
    const value = booleanOf(node);
    if (value !== undefined) return value;
    const word = textOf(node)?.toLowerCase() ?? '';
    const meant = ['yes', 'on'].includes(word) ? 'true' : ['no', 'off'].includes(word) ? 'false' : undefined;
    return reportType(report, node, label, 'true or false', meant && `write ${meant}`);
  },
};

/**
 * A whole number from `min` to `max`.
 * @param hintFor what to write in place of something that is no number
 */
export function wholeNumber(
  min: number,
  max: number,
  hintFor: (node: YamlNode) => string | undefined = withoutQuotes,
): Shape<number> {
  const wanted = `a whole number from ${min} to ${max}`;
  return {
    schema: { type: 'integer', minimum: min, maximum: max },
    read: (node, label, report) => {
      const value = numberOf(node);
      if (value === undefined) return reportType(report, node, label, wanted, hintFor(node));
      if (Number.isInteger(value) && value >= min && value <= max) return value;
      return reportValue(report, node, `${label} must be ${wanted}, not ${value}`);
    },
  };
}

/** As for `wholeNumber`, with fractions. */
export function decimal(
  min: number,
  max: number,
  hintFor: (node: YamlNode) => string | undefined = withoutQuotes,
): Shape<number> {
  const wanted = `a number from ${min} to ${max}`;
  return {
    schema: { type: 'number', minimum: min, maximum: max },
    read: (node, label, report) => {
      const value = numberOf(node);
      if (value === undefined) return reportType(report, node, label, wanted, hintFor(node));
      if (value >= min && value <= max) return value;
      return reportValue(report, node, `${label} must be ${wanted}, not ${value}`);
    },
  };
}

function withoutQuotes(node: YamlNode): string | undefined {
  return node.kind === 'scalar' && !node.plain && /^\d+(\.\d+)?$/.test(node.text)
    ? `write ${node.text} without quotes`
    : undefined;
}

/** A fraction: above 0, at most 1. */
export const fraction: Shape<number> = {
  schema: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
  read: (node, label, report) => {
    const wanted = 'a share above 0 and at most 1';
    const value = numberOf(node);
    const percent = node.kind === 'scalar' ? /^(\d+(?:\.\d+)?) ?%?$/.exec(node.text)?.[1] : undefined;
    const share = Number(percent) / 100;
    const hint = share > 0.01 && share <= 1 ? `write ${share} for ${percent} %` : undefined;
    if (value === undefined) return reportType(report, node, label, wanted, hint);
    if (value > 0 && value <= 1) return value;
    return reportValue(report, node, `${label} must be ${wanted}, not ${value}`, hint);
  },
};

/** The word, or a whole number from `min` to `max`. */
export function wordOrWholeNumber<Word extends string>(word: Word, min: number, max: number): Shape<Word | number> {
  const wanted = `"${word}" or a whole number from ${min} to ${max}`;
  return {
    schema: { anyOf: [{ enum: [word] }, { type: 'integer', minimum: min, maximum: max }] },
    read: (node, label, report) => {
      if (textOf(node) === word) return word;
      const value = numberOf(node);
      if (value === undefined) return reportType(report, node, label, wanted);
      if (Number.isInteger(value) && value >= min && value <= max) return value;
      return reportValue(report, node, `${label} must be ${wanted}, not ${value}`);
    },
  };
}
