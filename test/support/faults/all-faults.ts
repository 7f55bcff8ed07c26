import type { CallKind, Fault } from './small-run.ts';

/** How calls of each kind fail in practice: a full or dying disk, limits of a process, a server that is gone or does not answer. */
const errors: Readonly<Record<CallKind, readonly string[]>> = {
  open: ['EMFILE', 'ENOSPC', 'EIO'],
  write: ['ENOSPC', 'EIO', 'short'],
  fsync: ['EIO', 'ENOSPC'],
  rename: ['EIO', 'ENOSPC'],
  mkdir: ['ENOSPC', 'EMFILE'],
  remove: ['EIO'],
  spawn: ['EAGAIN', 'EMFILE', 'ENOENT'],
  connect: ['ECONNREFUSED', 'EMFILE', 'silence'],
  query: ['ECONNRESET', 'silence'],
};

/** Every call of a run, in each way in which it can fail: alone, and with all that follow. */
export function allFaults(counts: Readonly<Record<CallKind, number>>): readonly Fault[] {
  return (Object.keys(errors) as CallKind[]).flatMap((kind) =>
    errors[kind].flatMap((error) =>
      [true, false].flatMap((recovers) =>
        Array.from({ length: counts[kind] }, (_, index): Fault => ({ kind, at: index + 1, error, recovers })),
      ),
    ),
  );
}

/** One fault of each way of each kind, at places spread over the whole run. A server that stays silent takes long, and is left out. */
export function spreadFaults(counts: Readonly<Record<CallKind, number>>): readonly Fault[] {
  const ways = (Object.keys(errors) as CallKind[]).flatMap((kind) =>
    errors[kind]
      .filter((error) => error !== 'silence')
      .flatMap((error) => [true, false].map((recovers) => ({ kind, error, recovers }))),
  );
  return ways.map(({ kind, error, recovers }, index) => {
    // The golden ratio spreads any number of places evenly.
    const place = (index * 0.618034) % 1;
    return { kind, error, recovers, at: 1 + Math.floor(place * counts[kind]) };
  });
}

export function describeFault({ kind, at, error, recovers }: Fault): string {
  return `${kind} ${at} fails by ${error}${recovers ? '' : ', and all after it'}`;
}
