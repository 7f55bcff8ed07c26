/**
 * Columns that are meant by one text: `column` is that of every table, `table.column` and `schema.table.column` that of
 * one; `table.*` and `schema.table.*` are whole tables.
 */
export type ColumnPattern = {
  readonly text: string;
  readonly schema?: string;
  readonly table?: string;
  /** `*` for the whole table. */
  readonly column: string;
};

const identifier = '[\\p{L}_][\\p{L}\\p{N}_$]*';
export const columnPatternRule = new RegExp(
  `^(?:(?:${identifier}\\.){0,2}${identifier}|(?:${identifier}\\.){1,2}\\*)$`,
  'u',
);

/** Undefined when it is none of these forms. */
export function parseColumnPattern(text: string): ColumnPattern | undefined {
  if (!columnPatternRule.test(text)) return undefined;
  const [column = '', table, schema] = text.split('.').reverse();
  return {
    text,
    column,
    ...(table === undefined ? {} : { table }),
    ...(schema === undefined ? {} : { schema }),
  };
}
