import { displayLines, isoTime, type OutputStamp } from '../../engine/index.ts';
import type { Output } from '../output/output.ts';
import { safeJson } from '../output/safe-json.ts';
import type { StoredRunOptions } from './stored-runs.ts';

/** Which lines of which logs are printed, and how. */
export type LogsOptions = StoredRunOptions & {
  readonly all?: true;
  readonly attempt?: number;
  readonly timestamps?: true;
  readonly follow?: true;
};

/** A line of output with what is known of it. */
export type PrintedLine = {
  readonly text: string;
  readonly attempt: number;
  /** Where lines of several tasks are printed. */
  readonly task?: string;
  readonly stamp?: OutputStamp;
};

export type LineForm = (line: PrintedLine) => string;

/** `2026-01-05T07:00:12.345Z err load | text`: what is not wanted is left out, and what is not known is `-`. */
export function textForm(out: Output, stamps: boolean, nameWidth: number): LineForm {
  return ({ text, attempt, task, stamp }) => {
    const shown = out.isTerminal ? (displayLines(text)[0] ?? '') : text;
    const moment = stamps ? `${stamp === undefined ? '-'.padEnd(24) : isoTime(stamp.at)} ${streamOf(stamp)} ` : '';
    if (task === undefined) return moment + shown;
    return `${moment}${(attempt > 1 ? `${task}#${attempt}` : task).padEnd(nameWidth)} | ${shown}`;
  };
}

/** `{"task","attempt","line","at","stream"}`; without `task` for one task, and the last two only when they are wanted. */
export function jsonForm(stamps: boolean): LineForm {
  return ({ text, attempt, task, stamp }) =>
    safeJson({
      ...(task === undefined ? {} : { task }),
      attempt,
      line: text,
      ...(stamps ? { at: stamp === undefined ? null : isoTime(stamp.at), stream: stamp?.stream ?? null } : {}),
    });
}

const streamNames = { stdout: 'out', stderr: 'err', both: 'mix' } as const;

function streamOf(stamp: OutputStamp | undefined): string {
  return stamp === undefined ? '-  ' : streamNames[stamp.stream];
}
