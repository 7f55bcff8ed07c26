import { expect, test } from 'vitest';
import { firstCell } from '../../../../../src/engine/run/checks/first-cell.ts';

test.each([
  ['0\n', '0'],
  ['\n\r\n  7 \r\nmore\n', '7'],
  ['3|plays|2023\n', '3'],
  ['3\tplays, all | of them\n', '3'],
  ['3,plays\n', '3'],
  ['"a, b",2\n', 'a, b'],
  ['"say ""no"""|2\n', 'say "no"'],
  ['|x\n', ''],
  ['\u001b[32m0\u001b[0m\n', '0'],
  ['no separator here', 'no separator here'],
])('of %j is %j', (output, cell) => {
  expect(firstCell(output)?.cell).toBe(cell);
});

test('is not there when nothing was printed', () => {
  expect(firstCell('')).toBeUndefined();
  expect(firstCell('\n  \n')).toBeUndefined();
});
