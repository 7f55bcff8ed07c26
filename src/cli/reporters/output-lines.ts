import { displayLines, type OutputTail } from '../../engine/index.ts';

/**
 * The last lines of an attempt's output, safe on a terminal and to the program that collects the log: what looks like
 * an instruction to a CI system (`##[…]`, `##vso[…]`) no longer does.
 */
export function outputLines(tail: OutputTail, most: number): readonly string[] {
  const lines = displayLines(tail.merged.trimEnd()).map((line) => line.replace(/##(?=\w*\[)/g, '## ').trimEnd());
  return lines.slice(-most);
}
