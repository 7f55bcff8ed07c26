import { type Priority, priorities } from '../../model/data-request.ts';
import type { EpochMs } from '../../model/ids.ts';
import { didYouMean } from '../../model/text/did-you-mean.ts';
import type { LocatedText } from '../schema/scalar-shapes.ts';
import { booleanOf, numberOf, reportType, reportValue, type Shape, textOf } from '../schema/shape.ts';
import type { YamlNode } from '../yaml/yaml-node.ts';
import { durationInWords, type MomentMistake, parseMoment } from './time-words.ts';

/** A value as it was understood, and as it was written. */
export type LocatedValue<Value> = LocatedText & { readonly value: Value };

const priorityWords: Readonly<Record<string, Priority>> = {
  ...Object.fromEntries(priorities.map((word) => [word, word])),
  medium: 'normal',
  default: 'normal',
  critical: 'urgent',
  immediate: 'urgent',
};

export const priority: Shape<Priority> = {
  schema: { enum: Object.keys(priorityWords) },
  read: (node, label, report) => {
    const wanted = priorities.join(', ');
    const written = textOf(node);
    if (written === undefined) return reportType(report, node, label, `one of ${wanted}`);
    const word = priorityWords[written.trim().toLowerCase()];
    if (word !== undefined) return word;
    const meant = didYouMean(written, priorities);
    const hint = meant === undefined ? undefined : `did you mean "${meant}"?`;
    return reportValue(report, node, `${label} must be one of ${wanted}, not "${written}"`, hint);
  },
};

const momentPattern =
  '^\\d{4}-\\d\\d-\\d\\d([Tt]|\\s+)\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?\\s*([Zz]|UTC|GMT|[+-]\\d\\d(:?\\d\\d)?)$';
const momentForm = 'a date and time with time zone, such as 2026-01-31T18:00:00Z';

const momentHints: { readonly [mistake in MomentMistake]: (written: string) => string } = {
  'no zone': (written) => `add the time zone: ${written.trim()}Z for UTC, or ${written.trim()}+01:00`,
  'no time': (written) => `add the time: ${written.trim()}T18:00:00Z`,
  'no such moment': () => 'this day, time or time zone does not exist',
  'no moment': () => `write ${momentForm}`,
};

export const moment: Shape<LocatedValue<EpochMs>> = {
  schema: { type: 'string', pattern: momentPattern },
  read: (node, label, report) => {
    const written = textOf(node);
    if (written === undefined || node.kind !== 'scalar') return reportType(report, node, label, momentForm);
    const parsed = parseMoment(written);
    if (typeof parsed === 'number') return located(node, parsed as EpochMs);
    return reportValue(report, node, `${label} must be ${momentForm}, not "${written}"`, momentHints[parsed](written));
  },
};

const spanPattern = '\\d+(\\.\\d+)?\\s*[A-Za-z]+([\\s,]*(and\\s+)?\\d+(\\.\\d+)?\\s*[A-Za-z]+)*';

/** A moment, or so many milliseconds after the request was made. */
export type Deadline = { readonly at: EpochMs } | { readonly afterMs: number };

export const deadline: Shape<LocatedValue<Deadline>> = {
  schema: { type: 'string', pattern: `${momentPattern}|^((within|in)\\s+)?${spanPattern}$` },
  read: (node, label, report) => {
    const form = `${momentForm}, or a duration after "created_at", such as 2 hours`;
    const written = textOf(node);
    if (written === undefined || node.kind !== 'scalar') {
      const hint = numberOf(node) === undefined ? undefined : `write ${(node as LocatedText).text} hours`;
      return reportType(report, node, label, form, hint);
    }
    const afterMs = durationInWords(written.replace(/^\s*(?:with)?in\s+/i, ''));
    if (afterMs !== undefined) return located(node, { afterMs });
    const parsed = parseMoment(written);
    if (typeof parsed === 'number') return located(node, { at: parsed as EpochMs });
    const hint = /^(?:asap|now|immediately|as soon as possible)$/i.test(written.trim())
      ? 'remove it, and write priority: urgent'
      : momentHints[parsed](written);
    return reportValue(report, node, `${label} must be ${form}, not "${written}"`, hint);
  },
};

const maxLength = 100;
const ageForm = 'an age such as "< 24 hours"';
const comparison =
  /^\s*(?:<=?|≤|under|below|within|less than|at most|max(?:imum)?|no(?:t)? older than|younger than)\s*/i;

/** How old data may be, in ms. */
export const maxAge: Shape<LocatedValue<number>> = {
  schema: { type: 'string', pattern: `^\\s*(<=?|≤|[A-Za-z][A-Za-z ]*)?\\s*${spanPattern}(\\s+old)?\\s*$` },
  read: (node, label, report) => {
    const written = textOf(node);
    if (written === undefined || node.kind !== 'scalar') {
      const hint = numberOf(node) === undefined ? undefined : `write "< ${(node as LocatedText).text} hours"`;
      return reportType(report, node, label, ageForm, hint);
    }
    // A longer text is none, and would take long to match.
    const isShort = written.length <= maxLength;
    const age = isShort ? durationInWords(written.replace(comparison, '').replace(/\s+old\s*$/i, '')) : undefined;
    if (age !== undefined && age > 0) return located(node, age);
    const hint = /^\s*[>≥]/.test(written) ? 'it is the maximum age of the data' : `write ${ageForm}`;
    return reportValue(report, node, `${label} must be ${ageForm}, not "${written}"`, hint);
  },
};

/** Whether nothing may be missing. */
export const completeness: Shape<LocatedValue<boolean>> = {
  schema: {
    anyOf: [
      { type: 'boolean' },
      { const: 100 },
      {
        type: 'string',
        pattern: '^\\s*(100(\\.0+)?\\s*%.*|[Cc]omplete|[Ff]ull|[Aa]ll|[Nn]one|[Bb]est effort|[Nn]o missing .+)\\s*$',
      },
    ],
  },
  read: (node, label, report) => {
    const form = '"100%" or absent';
    if (node.kind !== 'scalar') return reportType(report, node, label, form);
    const written = node.text.trim();
    if (booleanOf(node) !== undefined) return located(node, booleanOf(node)!);
    if (/^100(?:\.0+)?\s*(?:%.*)?$/.test(written) || /^(?:complete|full|all|no missing .+)$/i.test(written)) {
      return located(node, true);
    }
    if (/^(?:none|best effort)$/i.test(written)) return located(node, false);
    const hint = /%/.test(written)
      ? 'checks show whether data is missing, not how much: use 100%, or remove the key'
      : 'write "100%"';
    return reportValue(report, node, `${label} must be ${form}, not "${written}"`, hint);
  },
};

function located<Value>(node: YamlNode & { readonly kind: 'scalar' }, value: Value): LocatedValue<Value> {
  return { value, text: node.text, start: node.start, end: node.end };
}
