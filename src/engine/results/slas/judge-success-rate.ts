import { formatShare } from '../../model/text/format-size.ts';
import { type Finding, notMeasured, rounded } from './sla-judgement.ts';

/** The success of the runs of a pipeline. */
export type Successes = {
  /** Whether each earlier run succeeded, the newest last; without those that somebody cancelled. */
  readonly past: readonly boolean[];
  /** Of this run; `failing` = it will not succeed unless a person intervenes. `cancelled`: it does not count. */
  readonly current: 'open' | 'failing' | 'succeeded' | 'failed' | 'cancelled';
};

/** The share is that of so many runs, this one included. */
const maxRuns = 20;
/** Of fewer runs a share says nothing. */
const minRuns = 5;

/** Whether enough of the last runs succeeded. A person who cancels a run says nothing of the pipeline. */
export function judgeSuccessRate({ past, current }: Successes, wanted: number): Finding {
  const earlier = past.slice(current === 'cancelled' ? -maxRuns : 1 - maxRuns);
  const runs = earlier.length + (current === 'cancelled' ? 0 : 1);
  if (runs < minRuns) return notMeasured(`needs ${minRuns} runs; this is run ${runs}`);
  const succeeded = earlier.filter(Boolean).length;
  const rate = (more: number) => (succeeded + more) / runs;
  const told = (status: Finding['status'], more: number, prefix = ''): Finding => ({
    status,
    measured: rounded(rate(more)),
    message: `${prefix}${succeeded + more} of the last ${runs} runs succeeded (${formatShare(rate(more))}), at least ${formatShare(wanted)} wanted`,
  });
  switch (current) {
    case 'succeeded':
      return told(rate(1) >= wanted ? 'met' : 'missed', 1);
    case 'failed':
    case 'cancelled':
      return told(rate(0) >= wanted ? 'met' : 'missed', 0);
    case 'open':
    case 'failing': {
      if (rate(1) < wanted) return told('missed', 1, 'at most ');
      if (current === 'failing' && rate(0) < wanted) return told('at-risk', 0, 'when this run fails, ');
      return told('open', 1, 'when this run succeeds, ');
    }
  }
}
