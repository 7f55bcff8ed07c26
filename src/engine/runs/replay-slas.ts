import type { EpochMs } from '../model/ids.ts';
import type { ResourceSample } from '../model/run/resource-sample.ts';
import type { RunEvent } from '../model/run/run-event.ts';
import { hasSlas } from '../results/slas/judge-slas.ts';
import type { SlaJudgement } from '../results/slas/sla-judgement.ts';
import { followSlas } from '../run/records/follow-slas.ts';

type Followed = Omit<Parameters<typeof followSlas>[0], 'timeLeft'>;

/** Judges a stored run by its SLAs as far as it has been replayed. How long it would still take is not known to a replay. */
export function replaySlas(
  followed: Followed,
  samples: () => readonly ResourceSample[],
): { readonly onEvent: (event: RunEvent) => void; readonly slas: () => readonly SlaJudgement[] } {
  // The samples are read for nothing else.
  if (!hasSlas(followed.plan.pipeline.slas)) return { onEvent: () => {}, slas: () => [] };
  const follower = followSlas({ ...followed, timeLeft: () => undefined });
  let next = 0;
  const takeSamples = (until: EpochMs) => {
    const all = samples();
    for (; next < all.length && all[next]!.at <= until; next += 1) follower.onSample(all[next]!);
  };
  return {
    onEvent: (event) => {
      takeSamples(event.at);
      follower.onEvent(event);
    },
    slas: () => {
      takeSamples(followed.now());
      return follower.slas();
    },
  };
}
