import { formatShare } from '../../model/text/format-size.ts';

/** `open`: not decided yet. `at-risk`: not decided, and likely to be missed. `not-measured`: nothing can be said of it. */
export type SlaStatus = 'open' | 'met' | 'at-risk' | 'missed' | 'not-measured';

/** What is measured and its limit are in this unit; a share is a number from 0 to 1. */
export type SlaUnit = 'seconds' | 'times' | 'share' | 'bytes_per_second';

/** How a run stands to one of its SLAs. The results of a run hold it as it is. */
export type SlaJudgement = {
  /** Its key in the pipeline file: `run`, `levels.load`. */
  readonly sla: string;
  readonly status: SlaStatus;
  /** Absent when nothing is known. */
  readonly measured?: number;
  /** Two numbers are the lowest and the highest. */
  readonly limit: number | readonly [lowest: number, highest: number];
  readonly unit: SlaUnit;
  /** What was measured beside the limit, or why nothing was: a clause without a full stop. */
  readonly message: string;
};

/** A judgement without the name of its SLA and its limit. */
export type Finding = Pick<SlaJudgement, 'status' | 'message' | 'measured'>;

export function notMeasured(why: string): Finding {
  return { status: 'not-measured', message: why };
}

/** Three decimals say more than is measured. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** A share beside its limit: `85 %`, or `85.2 %` where the limit would read the same and is another. */
export function shareText(share: number, ...limits: readonly number[]): string {
  const isAmbiguous = limits.some((limit) => limit !== share && formatShare(limit) === formatShare(share));
  return isAmbiguous ? `${(share * 100).toFixed(1)} %` : formatShare(share);
}
