import type { TaskReport } from '../../../model/run/task-state.ts';
import { didYouMean } from '../../../model/text/did-you-mean.ts';

const maxMessageCharacters = 1_000;

/** What a line of a report file says. */
export type ReportLine = {
  /** Undefined when it has no known field with a usable value. */
  readonly report: TaskReport | undefined;
  /** What is wrong with it, as a clause: `"rows" must be a whole number`; undefined when nothing is. */
  readonly fault: string | undefined;
};

/** Reads one line. Never throws. The message is masked before it is cut, because half a secret would not be recognised. */
export function parseReport(line: string, mask: (text: string) => string): ReportLine {
  const fields = parseObject(line);
  if (fields === undefined) return { report: undefined, fault: line.trim() === '' ? undefined : noObject };
  return { report: reportIn(fields, mask), fault: faultIn(fields) };
}

const noObject = 'it is not a JSON object';

function reportIn(fields: Fields, mask: (text: string) => string): TaskReport | undefined {
  const progress = numberOf(fields['progress']);
  const message = fields['message'];
  const rows = countOf(fields['rows']);
  const rowsChanged = countOf(fields['rows_changed']);
  const quotaRemaining = countOf(fields['quota_remaining']);
  const retryAfterSeconds = delayOf(fields['retry_after_seconds']);
  const nothingNew = fields['nothing_new'];
  const report = {
    ...(progress === undefined ? {} : { progress: Math.min(1, Math.max(0, progress)) }),
    ...(typeof message === 'string' ? { message: mask(message).slice(0, maxMessageCharacters) } : {}),
    ...(rows === undefined ? {} : { rows }),
    ...(rowsChanged === undefined ? {} : { rowsChanged }),
    ...(quotaRemaining === undefined ? {} : { quotaRemaining }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(typeof nothingNew === 'boolean' ? { nothingNew } : {}),
  };
  return Object.keys(report).length === 0 ? undefined : report;
}

function faultIn(fields: Fields): string | undefined {
  if (Array.isArray(fields)) return noObject;
  const names = Object.keys(fields);
  const unknown = names.find((name) => !Object.hasOwn(usable, name));
  const meant = unknown === undefined ? undefined : didYouMean(unknown, Object.keys(usable));
  if (unknown !== undefined)
    return `unknown key "${unknown}"${meant === undefined ? '' : `, did you mean "${meant}"?`}`;
  const unusable = names.find((name) => !usable[name as keyof typeof usable].accepts(fields[name]));
  return unusable === undefined ? undefined : `"${unusable}" must be ${usable[unusable as keyof typeof usable].wanted}`;
}

const isCount = (value: unknown) => countOf(value) !== undefined;
const wholeNumber = { wanted: 'a whole number', accepts: isCount };
/** What each field may be. */
const usable = {
  progress: { wanted: 'a number from 0 to 1', accepts: (value: unknown) => numberOf(value) !== undefined },
  message: { wanted: 'a text', accepts: (value: unknown) => typeof value === 'string' },
  rows: wholeNumber,
  rows_changed: wholeNumber,
  quota_remaining: wholeNumber,
  retry_after_seconds: { wanted: 'a number of seconds', accepts: (value: unknown) => delayOf(value) !== undefined },
  nothing_new: { wanted: 'true or false', accepts: (value: unknown) => typeof value === 'boolean' },
} as const;

type Fields = Readonly<Record<string, unknown>>;

function parseObject(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A whole number that JavaScript holds exactly; undefined for anything else. */
function countOf(value: unknown): number | undefined {
  const count = Math.round(numberOf(value) ?? -1);
  return count >= 0 && count <= Number.MAX_SAFE_INTEGER ? count : undefined;
}

/** About 300 years; longer delays are shortened to this, so that times stay exact numbers. */
const maxDelaySeconds = 1e10;

function delayOf(value: unknown): number | undefined {
  const seconds = numberOf(value);
  return seconds !== undefined && seconds >= 0 ? Math.min(maxDelaySeconds, seconds) : undefined;
}
