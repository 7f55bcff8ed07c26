import type { OverloadKind } from '../../model/run/capacity.ts';
import type { Observation } from '../../model/run/messages.ts';

/** Messages and SQLSTATE codes of PostgreSQL, as clients print them. */
const signs: readonly { readonly of: OverloadKind; readonly pattern: RegExp }[] = [
  {
    of: 'connections',
    pattern: /too many clients already|remaining connection slots are reserved|too many connections for|\b53300\b/,
  },
  { of: 'deadlock', pattern: /deadlock detected|\b40P01\b/ },
  { of: 'lock-timeout', pattern: /canceling statement due to lock timeout|\b55P03\b/ },
];

/** What a failed attempt lacked of that which the tasks of the run compete for; undefined for any other failure. */
export function findOverload({
  exit,
  lastOutput,
  outOfMemory,
}: Extract<Observation, { readonly type: 'exited' }>): OverloadKind | undefined {
  if (exit.kind !== 'exited' && exit.kind !== 'signalled') return undefined;
  const isKilled = exit.kind === 'signalled' ? exit.signal === 'SIGKILL' : exit.code === 137;
  if (isKilled) return outOfMemory ? 'memory' : undefined;
  return signs.find(({ pattern }) => pattern.test(lastOutput))?.of;
}
