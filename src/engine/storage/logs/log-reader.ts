import { type Cap, logCap } from './capped-layout.ts';
import { type LogBlock, LogIndex } from './log-index.ts';
import { decodeLine, endOfLine } from './log-lines.ts';

/** A line of a log as the task printed it; it goes through `displayText` before it is shown. */
export type LogLine = {
  /**
   * From 0; a line keeps its number while the log grows. Negative, counted from the end, while the lines of a large
   * file are not counted yet: -1 is the last.
   */
  readonly number: number;
  readonly text: string;
};

/** How much of a log is known. Lines and bytes that were dropped count. */
export type LogSize = {
  readonly lines: number;
  readonly bytes: number;
  /** Whether all lines up to the end are counted. */
  readonly isCounted: boolean;
};

/**
 * Reads a log by window, whatever its size, also while it is written and before it is there. A line of more than 64 KiB
 * is several; of an output that was too long for its file, one line says how much is missing. Every call looks at the
 * file anew, and rejects when the file cannot be read.
 */
export type LogReader = {
  /** As of the last look; counting goes on while somebody listens. */
  size(): LogSize;
  /** Lines from number `first` on; what was dropped is passed by. Fewer than `count` at the end only. */
  lines(first: number, count: number): Promise<readonly LogLine[]>;
  /** The last lines; at once, even if the lines of a large file are not counted yet. */
  last(count: number): Promise<readonly LogLine[]>;
  /** The first line from number `from` on, in this direction and itself included, in which the text or pattern is found. */
  find(what: string | RegExp, from: number, direction: 'forward' | 'backward'): Promise<number | undefined>;
  /**
   * The bytes from `offset` on as they are, 256 KiB at most; undefined at the end. What comes back begins further on
   * when something was dropped there.
   */
  chunk(offset: number): Promise<{ readonly offset: number; readonly bytes: Uint8Array } | undefined>;
  /** Calls back when the size has changed, about ten times a second at most. Returns the way to stop that. */
  subscribe(listener: (size: LogSize) => void): () => void;
  /** Whatever is under way ends soon, with nothing found. */
  close(): Promise<void>;
};

const pollMs = 100;
const sliceBytes = 0x40000;
/** A task may print faster than anybody can read: so often a call begins again with what is there now. */
const maxMisses = 10;
/** Every log that is capped is smaller. */
const countAtOnceBytes = 0x2000000;
/** While lines are not counted, the last of them are looked for in so much of the end. */
const bytesPerLine = 1024;

export function openLogReader(path: string, cap: Cap = logCap): LogReader {
  const index = new LogIndex(path, cap);
  const listeners = new Set<(size: LogSize) => void>();
  let timer: NodeJS.Timeout | undefined;
  let told = '';
  let closed = false;
  let turn: Promise<unknown> = Promise.resolve();

  /** One look at the file at a time, each of them short, so that a search holds nothing up. */
  const inTurn = <Value>(action: () => Promise<Value>): Promise<Value | undefined> => {
    const mine = turn.then(() => (closed ? undefined : action()));
    turn = mine.catch(() => {});
    return mine;
  };
  const refresh = () => inTurn(() => index.refresh());
  const count = async () => (await inTurn(() => index.countOn())) === true;
  const blockAt = async (number: number): Promise<LogBlock | undefined> => {
    while (index.size().lines <= number && (await count())) tell();
    return inTurn(() => index.blockAt(number));
  };

  const tell = () => {
    const size = index.size();
    const text = `${size.lines} ${size.bytes} ${size.isCounted}`;
    if (text === told) return;
    told = text;
    for (const listener of listeners) listener(size);
  };
  const poll = async () => {
    timer = undefined;
    try {
      await refresh();
      for (let at = performance.now(); await count(); ) {
        if (performance.now() - at < pollMs) continue;
        at = performance.now();
        tell();
      }
      tell();
    } catch {
      // The next call of a person's will say what is wrong.
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
        // Lines that go round while they are read are missing; that is said once, before them.
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
      // A log of ordinary size is counted in a moment.
      while (index.size().bytes < countAtOnceBytes && (await count()));
      const { lines, isCounted } = index.size();
      if (isCounted) return reader.lines(lines - wanted, wanted);
      const bytes = await inTurn(() => index.lastBytes(Math.max(sliceBytes, wanted * bytesPerLine)));
      return lastLines(bytes ?? Buffer.alloc(0), wanted);
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
    chunk: (offset) => inTurn(() => index.chunk(offset, sliceBytes)),
    subscribe: (listener) => {
      listeners.add(listener);
      if (listeners.size === 1) timer ??= setTimeout(() => void poll(), 0).unref();
      return () => listeners.delete(listener);
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await turn;
      await index.close();
    },
  };
  return reader;
}

/** The first of the bytes belong to a line that begins before them. */
function lastLines(bytes: Buffer, wanted: number): readonly LogLine[] {
  const texts: string[] = [];
  for (let at = bytes.indexOf(0x0a) + 1; at < bytes.length; ) {
    const end = endOfLine(bytes, at);
    texts.push(decodeLine(bytes, at, end === -1 ? bytes.length : end));
    at = end === -1 ? bytes.length : end;
  }
  const kept = texts.slice(-wanted);
  return kept.map((text, place) => ({ number: place - kept.length, text }));
}
