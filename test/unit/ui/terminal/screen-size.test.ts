import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { FrameWriter } from '../../../../src/ui/terminal/frame-writer.ts';
import type { TerminalOutput, TerminalStream } from '../../../../src/ui/terminal/terminal-output.ts';

/** A terminal that says it is so large. */
function writerOf(columns: number, rows: number): FrameWriter {
  const stream = Object.assign(new EventEmitter(), { columns, rows }) as unknown as TerminalStream;
  return new FrameWriter(stream, { onIdle: undefined } as unknown as TerminalOutput);
}

test.each([
  [0, 0, 80, 24],
  [120, 40, 120, 40],
  [65_535, 65_535, 1_000, 500],
])('of a terminal of %i x %i columns and rows, %i x %i are used', (columns, rows, usedColumns, usedRows) => {
  const writer = writerOf(columns, rows);
  expect([writer.columns, writer.rows]).toEqual([usedColumns, usedRows]);
});
