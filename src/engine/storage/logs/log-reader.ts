import type { TaskId } from '../../model/ids.ts';
import { type LogBlock, LogIndex } from './log-index.ts';
import type { OutputStamp } from './stamps/output-stamp.ts';

/** A line of a log as the task printed it; it goes through `displayText` before it is shown. */
export type LogLine = {
  /** From 0; a line keeps its number while the log grows. */
  readonly number: number;
  readonly text: string;
  /** When its end came; absent where that is not stored. */
  readonly stamp?: OutputStamp;
  /** Where the output of several attempts is read as one: which of them printed it. */
  readonly task?: TaskId;
  readonly attempt?: number;
};

/** How much of a log is known. Lines and bytes that were dropped count. */
export type LogSize = {
  readonly lines: number;
  readonly bytes: number;
  /** Whether all lines up to the end are counted. */
  readonly isCounted: boolean;
  /** The number of the first line that can be read; 0 without it. */
  readonly first?: number;
};

/** Reads lines by window. */
export type LineReader = {
  /** As of the last call; counting goes on while there are subscribers. */
  size(): LogSize;
  /** Lines from number `first` on, without those that were dropped. Fewer than `count` at the end only. */
  lines(first: number, count: number): Promise<readonly LogLine[]>;
  /** The last lines. */
  last(count: number): Promise<readonly LogLine[]>;
  /** Calls back when the size has changed, about ten times a second at most. Returns a function that ends the subscription. */
  subscribe(listener: (size: LogSize) => void): () => void;
  /** Calls under way end soon, with nothing found. */
  close(): Promise<void>;
};

/**
 * Reads a log by window, whatever its size, also while it is written and before it exists. A line of more than 64 KiB
 * is several; where output was dropped, one line says how many bytes. Every call looks at the files again, and rejects
 * when they cannot be read.
 */
export type LogReader = LineReader & {
  /** The first line from number `from` on, in this direction and itself included, in which the text or pattern is found. */
  find(what: string | RegExp, from: number, direction: 'forward' | 'backward'): Promise<number | undefined>;
  /**
   * The bytes from `offset` on as they are, 256 KiB at most; undefined at the end. What comes back begins further on
   * when something was dropped there.
   */
  chunk(offset: number): Promise<{ readonly offset: number; readonly bytes: Uint8Array } | undefined>;
};

const pollMs = 100;
/** A task may print faster than its log is read: how often a call starts again after a file was deleted under it. */
const maxMisses = 10;

/** @param path the head file of the log */
export function openLogReader(path: string): LogReader {
  const index = new LogIndex(path);
  const listeners = new Set<(size: LogSize) => void>();
  let timer: NodeJS.Timeout | undefined;
  let published = '';
  let closed = false;
  let turn: Promise<unknown> = Promise.resolve();

  /** One action at a time, each of them short, so that a search does not delay a window. */
  const inTurn = <Value>(action: () => Promise<Value>): Promise<Value | undefined> => {
    const mine = turn.then(() => (closed ? undefined : action()));
    turn = mine.catch(() => {});
    return mine;
  };
  const refresh = () => inTurn(() => index.refresh());
  const count = async () => (await inTurn(() => index.countOn())) === true;
  const blockAt = async (number: number): Promise<LogBlock | undefined> => {
    while (index.size().lines <= number && (await count())) publish();
    return inTurn(() => index.blockAt(number));
  };

  const publish = () => {
    const size = index.size();
    const text = `${size.lines} ${size.bytes} ${size.isCounted}`;
    if (text === published) return;
    published = text;
    for (const listener of listeners) listener(size);
  };
  const poll = async () => {
    timer = undefined;
    try {
      await refresh();
      for (let at = performance.now(); await count(); ) {
        if (performance.now() - at < pollMs) continue;
        at = performance.now();
        publish();
      }
      publish();
    } catch {
      // The next call of a method rejects with the reason.
    }
    if (listeners.size > 0 && !closed) timer ??= setTimeout(() => void poll(), pollMs).unref();
  };

  const reader: LogReader = {
    size: () => index.size(),
    lines: async (first, wanted) => {
      await refresh();
      const lines: LogLine[] = [];
      let misses = 0;
      for (let number = Math.max(0, first); lines.length < wanted; ) {
        const block = await blockAt(number);
        if (block === undefined || (block.lines.length === 0 && ++misses === maxMisses)) break;
        // Lines that are deleted while they are read are missing; the gap before them is returned once.
        const last = lines[lines.length - 1]?.number ?? -1;
        for (const line of block.lines) {
          if (line.number >= number || (block.isGap && line.number > last)) lines.push(line);
        }
        number = block.after;
      }
      return lines.slice(0, wanted);
    },
    last: async (wanted) => {
      await refresh();
      while (await count());
      return reader.lines(index.size().lines - wanted, wanted);
    },
    find: async (what, from, direction) => {
      await refresh();
      const isFound = (text: string) => (typeof what === 'string' ? text.includes(what) : text.search(what) !== -1);
      const { lines } = index.size();
      let misses = 0;
      for (let number = direction === 'forward' ? Math.max(0, from) : Math.min(from, lines - 1); number >= 0; ) {
        const block = await blockAt(number);
        if (block === undefined || (block.lines.length === 0 && ++misses === maxMisses)) return undefined;
        const found =
          direction === 'forward'
            ? block.lines.find((line) => line.number >= number && isFound(line.text))
            : block.lines.findLast((line) => line.number <= number && isFound(line.text));
        if (found !== undefined) return found.number;
        number = direction === 'forward' ? block.after : block.before;
      }
      return undefined;
    },
    chunk: (offset) => inTurn(() => index.chunk(offset)),
    subscribe: (listener) => {
      listeners.add(listener);
      if (listeners.size === 1) timer ??= setTimeout(() => void poll(), 0).unref();
      return () => listeners.delete(listener);
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await turn;
    },
  };
  return reader;
}
