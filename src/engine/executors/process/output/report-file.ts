import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, rmSync } from 'node:fs';
import type { TaskReport } from '../../../model/run/task-state.ts';
import { displayText } from '../../../model/text/display-text.ts';
import { parseReport } from './parse-report.ts';

const maxReadBytes = 0x40000;
/** Of more than this only the end is read, where the lines are that win: a file may have any size, and reading blocks. */
const maxUnreadBytes = 0x100000;
const longestLineBytes = 0x10000;
const maxShownCharacters = 200;

/** The file into which an attempt writes its progress and results. */
export type ReportFile = {
  /** Reads what has been added; several lines become one report, in which the later ones win. */
  read(): void;
  /** Reads the rest and removes the file. */
  finish(): void;
  /** What is wrong with the first line that could not be understood, for its author; masked. */
  fault(): string | undefined;
};

/** `onReport` is called for what is new. A file that cannot be read, or holds no valid lines, reports nothing. */
export function followReportFile(
  path: string,
  mask: (text: string) => string,
  onReport: (report: TaskReport) => void,
): ReportFile {
  let offset = 0;
  let rest = '';
  let skipping = false;
  let fault: string | undefined;

  /** Whether there may be more to read. */
  const readOn = (last: boolean): boolean => {
    const size = sizeOf(path) ?? 0;
    if (size < offset) {
      offset = 0;
      rest = '';
    }
    if (size - offset > maxUnreadBytes) {
      offset = size - maxReadBytes;
      rest = '';
      skipping = true;
    }
    const bytes = size === offset ? undefined : readFrom(path, offset);
    if (bytes === undefined && !last) return false;
    offset += bytes?.length ?? 0;
    const lines = (rest + (bytes?.toString('latin1') ?? '')).split('\n');
    rest = last ? '' : (lines.pop() ?? '');
    let report: TaskReport | undefined;
    for (const line of lines) {
      if (!skipping && line.length <= longestLineBytes) {
        const decoded = decode(line);
        const { report: told, fault: why } = parseReport(decoded, mask);
        report = { ...report, ...told };
        if (why !== undefined) fault ??= describeFault(why, decoded, mask);
      }
      skipping = false;
    }
    if (rest.length > longestLineBytes) {
      rest = '';
      skipping = true;
    }
    if (report !== undefined && Object.keys(report).length > 0) onReport(report);
    return bytes !== undefined && bytes.length === maxReadBytes;
  };

  return {
    read: () => void readOn(false),
    finish: () => {
      if (sizeOf(path) === undefined) return;
      for (let unread = maxUnreadBytes; unread > 0 && readOn(false); unread -= maxReadBytes);
      readOn(true);
      remove(path);
    },
    fault: () => fault,
  };
}

/** What is to be told at the end of an attempt's output, where its author looks; `isInLine`: that ends within a line. */
export function faultNote(report: ReportFile, isInLine: boolean): Uint8Array | undefined {
  const fault = report.fault();
  if (fault === undefined) return undefined;
  return Buffer.from(`${isInLine ? '\n' : ''}etl-tui: a line of ETL_TASK_REPORT was ignored: ${fault}\n`);
}

/** Masked before it is cut, because half a secret would not be recognised. */
function describeFault(why: string, line: string, mask: (text: string) => string): string {
  return displayText(mask(`${why}: ${line.slice(0, longestLineBytes)}`).slice(0, maxShownCharacters));
}

/** Lines are split before they are decoded, so that no character is cut where one reading ended and the next began. */
function decode(line: string): string {
  return Buffer.from(line, 'latin1').toString('utf8');
}

/** Undefined when there is no file, or when a task has closed or replaced the directory. */
function sizeOf(path: string): number | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.size;
  } catch {
    return undefined;
  }
}

/** Never waits for a pipe and never follows a link, because the task decides what is at the path. */
function readFrom(path: string, offset: number): Buffer | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    const stat = fstatSync(fd);
    if (!stat.isFile()) return undefined;
    const buffer = Buffer.allocUnsafe(Math.min(maxReadBytes, Math.max(0, stat.size - offset)));
    return buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, offset));
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** A file that cannot be removed does no harm, because the next attempt uses another name. */
function remove(path: string): void {
  try {
    rmSync(path, { force: true, recursive: true });
  } catch {}
}
