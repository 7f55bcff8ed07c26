import type { LineReader } from '../../../engine/index.ts';
import { type ShownLine, shownLine } from './shown-line.ts';

/** `number` is the number of the line in its log. */
export type NumberedLine = ShownLine & { readonly number: number };

/** The matching lines of a log, found in the background, also while the log grows. */
export type LineScan = {
  /** In the order of the log. */
  readonly found: readonly NumberedLine[];
  /** Whether the scan has reached the present end of the log. */
  isDone(): boolean;
  /** Scans the lines that were added since. */
  goOn(): void;
  stop(): void;
};

/** Of more matches the first ones are dropped. */
const maxFound = 20_000;
const linesAtOnce = 2_000;

export function scanLines(reader: LineReader, matches: (text: string) => boolean, onChange: () => void): LineScan {
  const found: NumberedLine[] = [];
  let next = 0;
  let busy = false;
  let stopped = false;
  const isDone = (): boolean => !busy && next >= reader.size().lines - 1;

  const scan = async (): Promise<void> => {
    while (!stopped) {
      const lines = await reader.lines(next, linesAtOnce);
      const last = lines[lines.length - 1];
      if (last === undefined || stopped) return;
      // The last line may have been incomplete when it was read.
      while (found.length > 0 && found[found.length - 1]!.number >= next) found.pop();
      for (const line of lines) {
        const shown = shownLine(line);
        if (matches(shown.text)) found.push({ ...shown, number: line.number });
      }
      if (found.length > maxFound) found.splice(0, found.length - maxFound);
      onChange();
      const isEnd = lines.length < linesAtOnce;
      next = isEnd ? last.number : last.number + 1;
      if (isEnd) return;
    }
  };
  const goOn = (): void => {
    if (busy || stopped) return;
    busy = true;
    scan()
      // Reading the window reports the error.
      .catch(() => {})
      .finally(() => {
        busy = false;
        onChange();
      });
  };
  goOn();
  return {
    found,
    isDone,
    goOn,
    stop: () => {
      stopped = true;
    },
  };
}
