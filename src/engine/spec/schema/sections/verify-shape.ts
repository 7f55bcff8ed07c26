import { columnPatternRule } from '../../../model/pipeline/column-pattern.ts';
import { listOf } from '../list-shapes.ts';
import { record } from '../record-shape.ts';
import { text } from '../scalar-shapes.ts';

const columnPattern = text({
  wanted: 'a column',
  pattern: columnPatternRule,
  form: '"column", "table.column", "schema.table.column", or "table.*" for a whole table',
});

const verifyFields = {
  ignore: {
    shape: listOf(columnPattern, { wanted: 'a list of columns', each: 'each column' }),
    describes: 'Columns and tables that are not compared, such as load timestamps.',
  },
} as const;

export const verify = record('"verify"', verifyFields);
