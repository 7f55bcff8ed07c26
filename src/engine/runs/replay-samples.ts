import type { EpochMs } from '../model/ids.ts';
import type { ResourceSample } from '../model/run/resource-sample.ts';
import { readSamples } from '../storage/runs/read-samples.ts';

/** As many as a live run shows. */
const maxShown = 600;

/** The samples of a stored run; the file is read when they are first asked for. */
export function storedSamples(path: string): () => readonly ResourceSample[] {
  let read: readonly ResourceSample[] | undefined;
  return () => {
    read ??= readSamples(path);
    return read;
  };
}

/** Gives the samples of a stored run up to a moment of its replay. */
export function replaySamples(stored: () => readonly ResourceSample[]): (now: EpochMs) => readonly ResourceSample[] {
  let shown: readonly ResourceSample[] = [];
  let shownEnd = 0;
  return (now) => {
    const all = stored();
    // A replay may go back.
    let end = shownEnd > 0 && all[shownEnd - 1]!.at > now ? 0 : shownEnd;
    while (end < all.length && all[end]!.at <= now) end += 1;
    // The same list as long as nothing is new, so that nothing is drawn again.
    if (end !== shownEnd) shown = all.slice(Math.max(0, end - maxShown), end);
    shownEnd = end;
    return shown;
  };
}
