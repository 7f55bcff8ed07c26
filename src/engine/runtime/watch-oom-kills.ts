import type { Exit } from '../model/run/task-state.ts';
import type { Ports } from '../ports.ts';

/** How long after the counter has moved further exits are put down to it: the kernel may end several processes at once. */
const sameMomentMs = 1_000;
/** How a shell exits whose command was ended by SIGKILL. */
const killedCode = 137;

/** Tells of each exit whether the kernel may have caused it for lack of memory: its counter has moved since the last one. */
export function watchOomKills({ oomKills, clock }: Pick<Ports, 'oomKills' | 'clock'>): (exit: Exit) => boolean {
  let accounted = oomKills() ?? 0;
  let movedAt = Number.NEGATIVE_INFINITY;
  return (exit) => {
    const isKilled =
      exit.kind === 'signalled' ? exit.signal === 'SIGKILL' : exit.kind === 'exited' && exit.code === killedCode;
    if (!isKilled) return false;
    const counted = oomKills() ?? accounted;
    if (counted > accounted) movedAt = clock.now();
    accounted = counted;
    return clock.now() - movedAt < sameMomentMs;
  };
}
