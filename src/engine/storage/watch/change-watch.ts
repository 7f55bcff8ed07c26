import { type FSWatcher, watch } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** What a look at some files has found. */
export type FileLook = {
  /** By path, what changes when the file does; a file that is not there is missing. */
  readonly marks: ReadonlyMap<string, string>;
  /** Absolute; where the system is asked to tell of changes, so that they are seen at once. */
  readonly directories: Iterable<string>;
};

export type FileChange = { readonly path: string; readonly how: 'changed' | 'new' | 'gone' };

/** Waits for changes of files, however editors write them: in place, or as another file that takes the name. */
export type ChangeWatch = {
  /**
   * Resolves with what has changed since the beginning, or since the answer before, once it has stopped changing;
   * with nothing when `signal` is aborted. Never rejects. To be awaited before it is called again.
   * @param from counts as the answer before: what was looked at before the files were read, so that nothing is missed
   */
  next(signal: AbortSignal, from?: FileLook): Promise<readonly FileChange[]>;
  close(): void;
};

export type WatchTimes = {
  /** A change is told when nothing has changed for so long. */
  readonly settleMs: number;
  /** A file that is gone may be on its way back: so long, its absence is no change. */
  readonly absenceMs: number;
  /** How often it looks by itself, where the system tells of changes and where it cannot. */
  readonly pollMs: number;
  readonly blindPollMs: number;
};

const usualTimes: WatchTimes = { settleMs: 120, absenceMs: 1_000, pollMs: 3_000, blindPollMs: 1_000 };

/** A look that takes long is not repeated all the time. */
const restFactor = 10;

/**
 * Watches what `look` finds; it is asked again after each change. Files count as they are at the first look, which begins at once.
 * @param look where it rejects, nothing has changed
 * @param watchDirectory tells of changes in a directory, or throws where that is not possible
 */
export function openChangeWatch(
  look: () => Promise<FileLook>,
  times: WatchTimes = usualTimes,
  watchDirectory: (path: string, onChange: () => void) => Pick<FSWatcher, 'on' | 'close'> = (path, onChange) =>
    watch(path, onChange),
): ChangeWatch {
  const watchers = new Map<string, Pick<FSWatcher, 'close'>>();
  let isBlind = false;
  let isClosed = false;
  let wake = new AbortController();
  let known: Promise<ReadonlyMap<string, string>> = seeFirst();

  return {
    next: async (signal, from) => {
      if (from !== undefined) {
        known = Promise.resolve(from.marks);
        watchAll(new Set(from.directories));
      }
      const stop = () => wake.abort();
      signal.addEventListener('abort', stop);
      try {
        while (!signal.aborted && !isClosed) {
          const before = await known;
          // What happens from here on wakes the wait below.
          wake = new AbortController();
          if (signal.aborted) break;
          const startedAt = performance.now();
          const now = await see(before);
          if (!isSame(before, now)) {
            const settled = await settle(before, now, signal);
            const changes = changesBetween(before, settled);
            known = Promise.resolve(settled);
            if (changes.length > 0 && !signal.aborted) return changes;
            continue;
          }
          const restMs = (performance.now() - startedAt) * restFactor;
          await pause(Math.max(restMs, isBlind ? times.blindPollMs : times.pollMs), undefined, {
            signal: wake.signal,
          }).catch(() => undefined);
          // Where files are written all the time, it is not looked all the time.
          await pause(Math.max(times.settleMs / 2, restMs / 4), undefined, { signal }).catch(() => undefined);
        }
        return [];
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
    close: () => {
      isClosed = true;
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
      wake.abort();
    },
  };

  async function seeFirst(): Promise<ReadonlyMap<string, string>> {
    for (;;) {
      const found = await see(undefined);
      if (found !== undefined || isClosed) return found ?? new Map();
      await pause(times.blindPollMs);
    }
  }

  function see(before: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>>;
  function see(before: undefined): Promise<ReadonlyMap<string, string> | undefined>;
  async function see(before: ReadonlyMap<string, string> | undefined) {
    try {
      const { marks, directories } = await look();
      watchAll(new Set(directories));
      return marks;
    } catch {
      return before;
    }
  }

  /** The files once they have not changed between two looks, and none is missing that may come back. */
  async function settle(
    before: ReadonlyMap<string, string>,
    first: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string>> {
    const since = performance.now();
    let last = first;
    for (;;) {
      await pause(times.settleMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || isClosed) return last;
      const now = await see(last);
      const isAbsent = [...before.keys()].some((path) => !now.has(path)) && performance.now() - since < times.absenceMs;
      if (isSame(last, now) && !isAbsent) return now;
      last = now;
    }
  }

  function watchAll(directories: ReadonlySet<string>): void {
    if (isClosed) return;
    for (const [directory, watcher] of watchers) {
      if (directories.has(directory)) continue;
      watcher.close();
      watchers.delete(directory);
    }
    isBlind = false;
    for (const directory of directories) {
      if (watchers.has(directory)) continue;
      const opened = openWatcher(directory);
      if (opened === undefined) isBlind = true;
      else watchers.set(directory, opened);
    }
  }

  function openWatcher(directory: string): Pick<FSWatcher, 'close'> | undefined {
    try {
      const watcher = watchDirectory(directory, () => wake.abort());
      // A directory that is deleted and made again is another one.
      watcher.on('error', () => {
        watcher.close();
        watchers.delete(directory);
        wake.abort();
      });
      return watcher;
    } catch {
      // No such directory, or the system watches as much as it may.
      return undefined;
    }
  }
}

function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([path, mark]) => other.get(path) === mark);
}

/** What differs between two looks. */
export function changesBetween(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): readonly FileChange[] {
  const gone = [...before.keys()].filter((path) => !now.has(path)).map((path) => ({ path, how: 'gone' as const }));
  const others = [...now].flatMap(([path, mark]): readonly FileChange[] => {
    const was = before.get(path);
    if (was === mark) return [];
    return [{ path, how: was === undefined ? 'new' : 'changed' }];
  });
  return [...others, ...gone];
}
