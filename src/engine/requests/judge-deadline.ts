import type { DataRequest } from '../model/data-request.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { EpochMs } from '../model/ids.ts';
import { formatCountdown, formatDuration } from '../model/text/format-duration.ts';
import type { Outlook } from '../results/requests/request-answer.ts';
import { previewRequest } from '../run/preview-request.ts';
import type { RunRequest } from '../run/request/run-request.ts';

/** What is to be expected of a run before it begins. */
export type Expectation = {
  /** Undefined when the durations of fewer than half of the tasks are known. */
  readonly expectedMs?: number;
  /** Undefined without a deadline. */
  readonly outlook?: Outlook;
};

/** Plays the run, and compares its end with the deadline of the request. */
export async function judgeDeadline(run: RunRequest, request: DataRequest, now: EpochMs): Promise<Expectation> {
  const preview = await previewRequest(run);
  const isKnown = preview.tasks === 0 || (preview.known > 0 && preview.known * 2 >= preview.tasks);
  const expectedMs = isKnown && preview.run.isFinished ? preview.run.durationMs : undefined;
  const deadline = request.deadline?.value;
  if (deadline === undefined) return expectedMs === undefined ? {} : { expectedMs };
  if (expectedMs === undefined) return { outlook: { deadline, ...(deadline <= now ? { canBeMet: false } : {}) } };
  const expectedEnd = (now + expectedMs) as EpochMs;
  return { expectedMs, outlook: { deadline, expectedEnd, canBeMet: expectedEnd <= deadline } };
}

/** Says that a deadline cannot be met; undefined when it can, or when that is not known. */
export function tooLate(
  request: DataRequest,
  { expectedMs, outlook }: Expectation,
  now: EpochMs,
  isRefused: boolean,
): Diagnostic | undefined {
  if (outlook?.canBeMet !== false || request.deadline === undefined) return undefined;
  const { deadline } = outlook;
  const left = deadline - now;
  const why =
    left <= 0
      ? `it was ${formatDuration(-left)} ago`
      : `the run takes about ${formatDuration(expectedMs ?? 0)}, and it is in ${formatCountdown(left)}`;
  return {
    code: 'run/too-late',
    severity: isRefused ? 'error' : 'warning',
    message: `the deadline cannot be met: ${why}`,
    at: request.deadline.at,
    hint: isRefused
      ? 'ask for less or for a later time, or remove "if_late: refuse" and --refuse-late'
      : 'it is carried out anyway; "if_late: refuse" would refuse it',
  };
}
