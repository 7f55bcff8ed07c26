import type { RunState } from '../../model/run/run-state.ts';
import { type ExitVerdict, exitVerdict } from '../../results/causes/exit-verdict.ts';
import type { PerformanceRecord } from '../../results/files/performance-record.ts';
import type { SlaJudgement } from '../../results/slas/sla-judgement.ts';
import { findRegressions } from '../../results/trends/find-regressions.ts';
import type { Regression } from '../../results/trends/regression.ts';
import type { SlaFollower } from './follow-slas.ts';

/** What the analysis of a run adds to its results. */
export type RunJudgement = {
  readonly verdict: ExitVerdict;
  /** Absent when the pipeline has none. */
  readonly slas?: readonly SlaJudgement[];
  /** Their names. */
  readonly missed_slas?: readonly string[];
  /** What has become slower than in earlier runs; absent when nothing has. */
  readonly regressions?: readonly Regression[];
};

/**
 * Judges a run that has ended: by its SLAs, and by earlier runs.
 * @param past the records of earlier runs of the pipeline, newest last
 */
export async function judgeRun(
  state: RunState,
  record: PerformanceRecord,
  follower: SlaFollower,
  past: () => Promise<readonly PerformanceRecord[]>,
): Promise<RunJudgement> {
  const records = await past();
  const slas = follower.judge(state, records);
  const regressions = findRegressions(record, records);
  return {
    verdict: exitVerdict(state, slas),
    ...(slas.length === 0
      ? {}
      : { slas, missed_slas: slas.filter(({ status }) => status === 'missed').map(({ sla }) => sla) }),
    ...(regressions.length === 0 ? {} : { regressions }),
  };
}
