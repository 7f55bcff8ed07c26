/** After this time the kernel may have reused process ids. */
export const pidsReusedAfterMs = 10_000;

/** The pids of slots and of the leaders of attempts, none of which is a leftover of another attempt. */
export type OwnPids = {
  add(pid: number): void;
  remove(pid: number): void;
  /**
   * As `remove`, for the leader of an attempt of which nothing is left. It counts until its pid may be reused, so that the
   * attempts that end next need not ask the system about it.
   */
  removeEnded(leader: number): void;
  has(pid: number): boolean;
};

export function createOwnPids(now: () => number = () => performance.now()): OwnPids {
  const living = new Set<number>();
  /** By pid, when it ended; the oldest first. */
  const ended = new Map<number, number>();
  const isRecent = (endedAt: number | undefined) => endedAt !== undefined && now() - endedAt < pidsReusedAfterMs;
  return {
    add: (pid) => {
      ended.delete(pid);
      living.add(pid);
    },
    remove: (pid) => void living.delete(pid),
    removeEnded: (leader) => {
      living.delete(leader);
      for (const [pid, endedAt] of ended) {
        if (isRecent(endedAt)) break;
        ended.delete(pid);
      }
      ended.set(leader, now());
    },
    has: (pid) => living.has(pid) || isRecent(ended.get(pid)),
  };
}
