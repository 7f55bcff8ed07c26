import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { projectCsv } from '../../../../../etl/load/csv/project-csv.ts';

const cell = fc.stringMatching(/^[ab,"\n\ré]{0,6}$/);
const quoted = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

test('the selected columns are unchanged for any cells and any chunks of the text', async () => {
  const table = fc.integer({ min: 1, max: 6 }).chain((width) =>
    fc.record({
      rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
      wanted: fc.array(fc.boolean(), { minLength: width, maxLength: width }),
      cuts: fc.array(fc.nat(200), { maxLength: 6 }),
      lineBreak: fc.constantFrom('\n', '\r\n'),
    }),
  );
  await fc.assert(
    fc.asyncProperty(table, async ({ rows, wanted, cuts, lineBreak }) => {
      fc.pre(wanted.includes(true) && rows.every((row) => row.join('') !== ''));
      const text = Buffer.from(rows.map((row) => row.map(quoted).join(',') + lineBreak).join(''));
      const edges = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
      const chunks = edges.slice(1).map((edge, index) => text.subarray(edges[index], edge));
      const parts: Buffer[] = [];
      for await (const part of projectCsv(arriving(chunks), wanted)) parts.push(part);
      // An empty line is what a row of one empty cell looks like.
      const expected = rows.map((row) => row.filter((_, index) => wanted[index]));
      const read = parse(Buffer.concat(parts), { skip_empty_lines: false, record_delimiter: '\n' });
      expect(read).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

async function* arriving(chunks: readonly Buffer[]) {
  yield* chunks;
}
