import { expect, test } from 'vitest';
import type { Output } from '../../../../src/cli/output/output.ts';
import {
  type LogPrinter,
  printJsonLines,
  printRaw,
  printSafely,
} from '../../../../src/cli/stored-runs/log-printers.ts';

async function printed(open: (out: Output) => LogPrinter, text: string, size: number): Promise<string> {
  const parts: Uint8Array[] = [];
  const printer = open({
    isTerminal: true,
    columns: 80,
    write: () => {},
    writeBytes: async (bytes) => parts.push(Buffer.from(bytes)) > 0,
    flush: async () => undefined,
    reader: () => new AbortController().signal,
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) await printer.write(bytes.subarray(at, at + size));
  await printer.end();
  return Buffer.concat(parts).toString();
}

const log = 'über 🏈\r\n10 %\r100 %\r\n\x1b]0;title\x07\x1b[31mred\x1b[0m\u009b2J\n\nno end';

test.each([1, 2, 3, 7, 1000])(
  'a log printed in chunks of %d bytes is sanitised for a terminal like a whole one',
  async (size) => {
    expect(await printed(printSafely, log, size)).toBe('über 🏈\n100 %\nred\n\nno end\n');
  },
);

test.each([1, 3, 1000])('a log printed in chunks of %d bytes is unchanged for a pipe', async (size) => {
  expect(await printed(printRaw, log, size)).toBe(log);
  const lines = (await printed((out) => printJsonLines(out, 2), log, size)).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    ['über 🏈', '10 %\r100 %', '\x1b]0;title\x07\x1b[31mred\x1b[0m\u009b2J', '', 'no end'].map((line) => ({
      attempt: 2,
      line,
    })),
  );
  expect(lines.join('')).not.toContain('\u009b');
});

test('a line without end is printed in parts, in bounded memory', async () => {
  const text = 'x'.repeat(1_000_000);
  expect((await printed(printSafely, text, 0x4000)).replaceAll('\n', '')).toBe(text);
});
