import { describe, expect, it } from 'vitest';
import { parseColumnPattern } from '../../../../src/engine/model/pipeline/column-pattern.ts';
import { readPipeline } from '../../../../src/engine/spec/read-pipeline.ts';
import { diagnosticsOf } from './diagnostics-of.ts';

const file = (verify: string) => `verify: ${verify}\ntasks: { a: { command: [x] } }\n`;

describe('what a pipeline does not compare', () => {
  it('is a list of columns, with or without their tables, and of whole tables', () => {
    const { partial } = readPipeline(file('{ ignore: [loaded_at, t.x, s.t.x, t.*] }'), 'pipeline.yaml');
    expect(partial?.spec.verify).toEqual({ ignore: ['loaded_at', 't.x', 's.t.x', 't.*'] });
  });

  it('is nothing by default', () => {
    expect(readPipeline(file('{}'), 'pipeline.yaml').partial?.spec.verify).toBeUndefined();
  });

  it('is refused in any other form', () => {
    expect(diagnosticsOf(file('{ ignore: ["*", a.b.c.d] }'))).toEqual([
      'spec/bad-value 1:20 each column must be "column", "table.column", "schema.table.column", or "table.*" for a whole table, not "*"',
      'spec/bad-value 1:25 each column must be "column", "table.column", "schema.table.column", or "table.*" for a whole table, not "a.b.c.d"',
    ]);
  });
});

it('a text names a column of all tables, of one, or a whole table', () => {
  expect(parseColumnPattern('x')).toEqual({ text: 'x', column: 'x' });
  expect(parseColumnPattern('t.x')).toEqual({ text: 't.x', table: 't', column: 'x' });
  expect(parseColumnPattern('s.t.*')).toEqual({ text: 's.t.*', schema: 's', table: 't', column: '*' });
  for (const wrong of ['', '*', '*.x', 't.', '.x', 'a b', "x'", 'a.b.c.d'])
    expect(parseColumnPattern(wrong)).toBeUndefined();
});
