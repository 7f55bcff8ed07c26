import type { ColumnRef } from '../../../model/pipeline/pipeline.ts';
import { listOf } from '../list-shapes.ts';
import { text } from '../scalar-shapes.ts';
import type { Shape } from '../shape.ts';

const identifier = '[\\p{L}_][\\p{L}\\p{N}_$]*';

export const table = text({
  wanted: 'a table',
  pattern: new RegExp(`^${identifier}(\\.${identifier})?$`, 'u'),
  form: '"table" or "schema.table"',
});

const columnPath = text({
  wanted: 'a column',
  pattern: new RegExp(`^${identifier}(\\.${identifier}){1,2}$`, 'u'),
  form: '"table.column" or "schema.table.column"',
});

/** A column with its table. */
export const column: Shape<ColumnRef> = {
  schema: columnPath.schema,
  read: (node, label, report) => {
    const path = columnPath.read(node, label, report);
    if (path === undefined) return undefined;
    const dot = path.lastIndexOf('.');
    return { table: path.slice(0, dot), column: path.slice(dot + 1) };
  },
};

const bareColumn = text({
  wanted: 'a column',
  pattern: new RegExp(`^${identifier}$`, 'u'),
  form: 'the name of a column, without its table',
});

/** Columns of a table that is named beside them. */
export const columns = listOf(bareColumn, { wanted: 'a list of columns', each: 'each column', min: 1 });
