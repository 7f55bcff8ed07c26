import pg from 'pg';
import type { ColumnRef, DatabaseCheck } from '../../../model/pipeline/pipeline.ts';
import { numberOrText } from '../../../model/text/exact-decimal.ts';
import type { CheckEvaluation, ResultRow } from './result-row.ts';

export type DefinitionOf<Kind extends DatabaseCheck['kind']> = Extract<DatabaseCheck, { readonly kind: Kind }>;

/** Casts a text to the named PostgreSQL type and returns it in the server's own notation. Rejects when it is no such value. */
export type FormatOnServer = (text: string, type: string) => Promise<string | undefined>;

/** What a check is judged with, beside the row that it gave. */
export type JudgingContext = {
  readonly formatOnServer: FormatOnServer;
  /** The numbers that this check had in past runs, oldest first. */
  readonly past: readonly number[];
};

/** Everything the database side needs to know of one kind of check. */
export type CheckKind<Kind extends DatabaseCheck['kind']> = {
  /** Why the check is refused before it reaches the server; undefined when it may run. */
  readonly refuse?: (definition: DefinitionOf<Kind>) => string | undefined;
  /** The tables of which `where` selects rows. */
  readonly filtered?: (definition: DefinitionOf<Kind>) => readonly string[];
  /** The table whose offending rows are named by their primary key. */
  readonly named?: (definition: DefinitionOf<Kind>) => string;
  /** The one statement to run; only its first row is read. `key` are the columns of the primary key of `named`. */
  readonly sql: (definition: DefinitionOf<Kind>, key: readonly string[]) => string;
  /** The verdict on that row. */
  readonly evaluate: (
    definition: DefinitionOf<Kind>,
    row: ResultRow | undefined,
    context: JudgingContext,
  ) => CheckEvaluation | Promise<CheckEvaluation>;
};

/** `mart.game_summary` as "mart"."game_summary": upper case and special characters stay as the author wrote them. */
export function quoteTable(table: string): string {
  return table.split('.').map(pg.escapeIdentifier).join('.');
}

export function columnName(ref: ColumnRef): string {
  return `${ref.table}.${ref.column}`;
}

/** The cell of a column by name: safe in the statements of this folder, whose column names are unique. */
export function cellOf(row: ResultRow | undefined, name: string): string | null {
  return row?.find((cell) => cell.name === name)?.value ?? null;
}

export function countOf(row: ResultRow | undefined, name: string): bigint {
  return BigInt(cellOf(row, name) ?? 0);
}

/** A count for a result file: a number, or a text where a double would not hold it exactly. */
export function measuredCount(count: bigint): number | string {
  return numberOrText(String(count));
}

/** A count for messages: `6,208`. */
export function formatCount(count: bigint): string {
  return count.toLocaleString('en-US');
}
