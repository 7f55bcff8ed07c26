import { type CheckKind, countOf, formatCount, measuredCount, quoteTable } from './check-kind.ts';

export const sameCount: CheckKind<'same_count'> = {
  sql: ({ left, right }) =>
    `SELECT (SELECT count(*) FROM ${quoteTable(left)}) AS left_rows,
        (SELECT count(*) FROM ${quoteTable(right)}) AS right_rows`,
  evaluate: ({ left, right }, row) => {
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
    return { passed: difference === 0n, summary, measured };
  },
};
