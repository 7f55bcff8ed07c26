import { appendFileSync, statSync } from 'node:fs';
import { type Diagnostic, writeError } from '../../../engine/index.ts';
import type { StepSummary } from './step-summary.ts';

/** GitHub rejects what a step has written to its summary when it is larger. */
const maxBytes = 1024 * 1024;

/**
 * Adds a summary to that of the step, which other programs may have begun: whole when there is room for it, else only its
 * beginning. Returns why it could not be written, as a warning, because the run itself is not affected.
 */
export function appendSummary(path: string, { whole, short }: StepSummary): Diagnostic | undefined {
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    // To open a pipe that nobody reads would wait for ever.
    if (there?.isFIFO()) return warning(path, 'it is a pipe', 'set GITHUB_STEP_SUMMARY to a file');
    const room = maxBytes - (there?.size ?? 0);
    const text = [whole, short].find((one) => Buffer.byteLength(one) <= room);
    if (text === undefined)
      return warning(path, 'the summary of the step has reached its limit of 1 MiB', 'write less to it');
    appendFileSync(path, text);
    return undefined;
  } catch (error) {
    return { ...writeError(path, error, 'set GITHUB_STEP_SUMMARY to another file'), severity: 'warning' };
  }
}

function warning(path: string, reason: string, hint: string): Diagnostic {
  return { code: 'run/cannot-write', severity: 'warning', message: `Cannot write "${path}": ${reason}`, hint };
}
