import { displayLines } from '../../engine/index.ts';
import type { Output } from '../output/output.ts';
import { safeJson } from '../output/safe-json.ts';

/** Takes the bytes of a log as they come; false when nobody reads any more. */
export type LogPrinter = {
  readonly write: (bytes: Uint8Array) => Promise<boolean>;
  /** Prints what was held back: a line without its end. */
  readonly end: () => Promise<boolean>;
};

/** Longer lines are printed in parts. */
const longestLine = 0x10000;

/** Byte for byte, for another program. */
export function printRaw(out: Output): LogPrinter {
  return { write: (bytes) => out.writeBytes(bytes), end: async () => true };
}

/** Line by line, so that nothing in it is obeyed by the terminal. */
export function printSafely(out: Output): LogPrinter {
  return printLines(out, (line) => displayLines(line).join('\n'));
}

/** `{"attempt":1,"line":"…"}` for each line. */
export function printJsonLines(out: Output, attempt: number): LogPrinter {
  return printLines(out, (line) => safeJson({ attempt, line: line.replace(/\r$/, '') }));
}

function printLines(out: Output, form: (line: string) => string): LogPrinter {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let begun = '';
  const print = (lines: readonly string[]) =>
    lines.length === 0 ? Promise.resolve(true) : out.writeBytes(Buffer.from(`${lines.map(form).join('\n')}\n`));
  return {
    write: (bytes) => {
      const lines = (begun + decoder.decode(bytes, { stream: true })).split('\n');
      begun = lines.pop() ?? '';
      if (begun.length > longestLine) {
        lines.push(begun);
        begun = '';
      }
      return print(lines);
    },
    end: () => print((begun + decoder.decode()).split('\n').filter((line) => line !== '')),
  };
}
