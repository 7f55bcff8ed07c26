import { numberOrText } from '../../../model/text/exact-decimal.ts';
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
} from '../shape.ts';

/** What a check expects; a number that a double cannot hold exactly is a text. */
export const expectation: Shape<number | string | null> = {
  schema: oneOfTypes('number', 'string', 'boolean', 'null'),
  read: (node, label, report) => {
    if (node.kind === 'scalar' && isNull(node)) return null;
    if (node.kind === 'scalar' && numberOf(node) !== undefined) return numberOrText(node.text);
    return (
      booleanOf(node)?.toString() ??
      textOf(node) ??
      reportType(report, node, label, 'a number, a text, true, false or null')
    );
  },
};

/** The end of a range: a number, or a text such as a date. */
export const bound: Shape<number | string> = {
  schema: { anyOf: [{ type: 'number' }, textSchema(/\S/, 'a number or non-blank text')] },
  read: (node, label, report) => {
    if (node.kind === 'scalar' && numberOf(node) !== undefined) return numberOrText(node.text);
    const written = textOf(node);
    if (written === undefined) return reportType(report, node, label, 'a number or a text');
    if (written.includes('\0')) return reportValue(report, node, `${label} contains a NUL character`);
    return written.trim() === '' ? reportValue(report, node, `${label} is empty`) : written;
  },
};

const percentage = /^(100|[1-9]\d?)%$/;

/** A whole percentage from 1 to 100, as a share: `20%` is 0.2. */
export const percent: Shape<number> = {
  schema: textSchema(percentage, 'a whole percentage from 1% to 100%', '20%'),
  read: (node, label, report) => {
    const wanted = 'a whole percentage from 1% to 100%';
    const written = textOf(node);
    if (written !== undefined && percentage.test(written)) return Number(written.slice(0, -1)) / 100;
    if (written !== undefined) return reportValue(report, node, `${label} must be ${wanted}, not "${written}"`);
    const share = numberOf(node) ?? 0;
    const hint =
      share > 0 && share < 1 ? `write ${Math.round(share * 100)}%` : share >= 1 ? `write ${share}%` : undefined;
    return reportType(report, node, label, wanted, hint);
  },
};
