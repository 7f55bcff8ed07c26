import { quoteTable } from './check-kind.ts';
import { refuseSettings } from './sql-statement.ts';

/** The rows of a table for which `where` holds, as an item of FROM. The condition sees the columns and the table by their names. */
export function rowsOf(table: string, where: string | undefined): string {
  // A remark at the end of the condition must not reach the parenthesis.
  return where === undefined ? quoteTable(table) : `(SELECT * FROM ${quoteTable(table)} WHERE (\n${where}\n))`;
}

/**
 * A statement that the server accepts only when `where` is whole by itself: every parenthesis, quotation and comment that
 * it opens is closed in it, and none that it did not open. In a statement of ours it can then not leave its parentheses.
 * It reads no row.
 */
export function conditionProbe(table: string, where: string): string {
  return `SELECT 1 FROM ${quoteTable(table)} WHERE ${where}\nLIMIT 0`;
}

/** Why the text cannot be the condition of a check; the server finds the rest. */
export function refuseCondition(where: string | undefined): string | undefined {
  return where === undefined ? undefined : refuseSettings(where);
}

const longestCondition = 60;

/** What the rows of a table are called in a summary: `plays where season = 2023`. */
export function rowsName(table: string, where: string | undefined): string {
  if (where === undefined) return table;
  const condition = where.trim().replace(/\s+/gu, ' ');
  return condition.length > longestCondition
    ? `${table} where ${condition.slice(0, longestCondition - 1)}…`
    : `${table} where ${condition}`;
}
