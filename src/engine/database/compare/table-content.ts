import type pg from 'pg';

/** A session in a database; with `schema`, only that one counts. */
export type Place = { readonly client: pg.Client; readonly schema?: string };

/** A column of a table, as far as it matters for comparing. */
export type ComparedColumn = {
  readonly name: string;
  readonly type: string;
  /** Whether the database numbers the rows by it (identity, serial). */
  readonly isNumbered: boolean;
};

/** A table, a materialized view or a view. */
export type ComparedTable = {
  /** `table`, or `schema.table` outside of `public`. */
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  readonly kind: 'table' | 'materialized view' | 'view';
  readonly oid: number;
  /** Changes when the whole content is replaced. */
  readonly file: number;
  /** In the order of their names. */
  readonly columns: readonly ComparedColumn[];
  /** The columns of its primary key, and of its other unique indexes without conditions. */
  readonly keys: readonly (readonly string[])[];
  /** One line each for columns, indexes, constraints and the query of a view; sorted. */
  readonly definition: readonly string[];
  /** False for a materialized view that was never refreshed, and for a view. */
  readonly hasRows: boolean;
};

/** A column that is not compared, and why. */
export type LeftOutColumn = {
  readonly table: string;
  readonly column: string;
  readonly why: 'asked' | 'load-time' | 'numbered';
};

/** A row that differs; values are texts, NULL is null, long ones are cut. */
export type RowExample =
  | { readonly kind: 'missing' | 'added'; readonly row: RowValues }
  | { readonly kind: 'repeated'; readonly row: RowValues; readonly expected: number; readonly found: number }
  | { readonly kind: 'changed'; readonly key: RowValues; readonly expected: RowValues; readonly found: RowValues };

export type RowValues = Readonly<Record<string, string | null>>;

/** Counts of rows, compared with what was expected. */
export type RowDifference = {
  readonly missing: number;
  readonly added: number;
  readonly changed: number;
  /** How many copies there are beyond what was expected, of rows that were expected. */
  readonly repeated: number;
  /** False when there were too many differences to look at all of them: the counts are the least that differ. */
  readonly isComplete: boolean;
  readonly examples: readonly RowExample[];
};

export type TableDifference =
  | { readonly kind: 'no-table'; readonly table: string }
  | { readonly kind: 'new-table'; readonly table: string }
  | {
      readonly kind: 'definition';
      readonly table: string;
      readonly missing: readonly string[];
      readonly added: readonly string[];
    }
  | ({
      readonly kind: 'rows';
      readonly table: string;
      readonly expectedRows: number;
      readonly foundRows: number;
    } & RowDifference);

export type DatabaseComparison = {
  readonly differences: readonly TableDifference[];
  readonly leftOut: readonly LeftOutColumn[];
  /** How many tables and materialized views were compared row by row. */
  readonly tables: number;
};
