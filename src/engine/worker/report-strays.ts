import type { AttemptDesk } from './attempt-desk.ts';

/** Between the take of an attempt and its arrival here are some milliseconds. */
const settleMs = 2_000;

/**
 * When the database goes away while attempts are taken, the answer may be lost: then they are taken in the name of this
 * worker and never arrive; or what was stored of their end is lost by a failover. After any trouble it looks for those, twice, and
 * reports what is missing both times.
 */
export function reportStrays(desk: AttemptDesk) {
  let taken: (() => Promise<readonly string[]>) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let missing: ReadonlySet<string> = new Set();

  const look = async (isSecond: boolean) => {
    timer = undefined;
    const found = await taken?.().catch(() => undefined);
    if (taken === undefined) return;
    if (found === undefined) return lookLater(false);
    const now = new Set(desk.strays(found));
    if (isSecond) desk.reportStrays([...now].filter((key) => missing.has(key)));
    missing = now;
    if (now.size > 0 && !isSecond) lookLater(true);
  };
  const lookLater = (isSecond: boolean) => {
    timer ??= setTimeout(() => void look(isSecond), settleMs);
  };

  return {
    onTrouble: () => {
      if (taken !== undefined) lookLater(false);
    },
    /** @param ask which attempts are taken in its name and not over. Returns the way to stop. */
    follow: (ask: () => Promise<readonly string[]>) => {
      taken = ask;
      return () => {
        taken = undefined;
        clearTimeout(timer);
      };
    },
  };
}
