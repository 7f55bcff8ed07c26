import { type CheckKind, countOf, formatCount, measuredCount } from './check-kind.ts';
import { rowsName, rowsOf } from './row-filter.ts';

/** `where` selects rows of both tables. */
export const sameCount: CheckKind<'same_count'> = {
  filtered: ({ left, right }) => [left, right],
  sql: ({ left, right, where }) =>
    `SELECT (SELECT count(*) FROM ${rowsOf(left, where)} AS part) AS left_rows,
        (SELECT count(*) FROM ${rowsOf(right, where)} AS part) AS right_rows`,
  evaluate: (definition, row) => {
    const [left, right] = [definition.left, rowsName(definition.right, definition.where)];
    const [inLeft, inRight] = [countOf(row, 'left_rows'), countOf(row, 'right_rows')];
    const difference = inLeft > inRight ? inLeft - inRight : inRight - inLeft;
    const summary =
      difference === 0n
        ? `${left} and ${right} have ${formatCount(inLeft)} rows each`
        : `${left} has ${formatCount(inLeft)} rows, ${right} ${formatCount(inRight)}: ${formatCount(difference)} ${inLeft > inRight ? 'missing' : 'too many'} in ${right}`;
    const measured = {
      left_rows: measuredCount(inLeft),
      right_rows: measuredCount(inRight),
      difference: measuredCount(difference),
    };
    return { passed: difference === 0n, summary, measured, value: Number(difference) };
  },
};
