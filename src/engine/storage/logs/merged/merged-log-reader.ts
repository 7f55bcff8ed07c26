import type { EpochMs } from '../../../model/ids.ts';
import type { LineReader, LogLine, LogSize } from '../log-reader.ts';
import { BlockCache } from './block-cache.ts';
import { MergedOutput } from './merged-output.ts';
import { newestParts } from './newest-parts.ts';
import type { OutputSource } from './output-piece.ts';
import {
  leftOut,
  numberedLines,
  type Segment,
  type SegmentLimits,
  SegmentList,
  segmentLimits,
} from './segment-list.ts';

export type MergedLogOptions = {
  /** Up to which moment lines are shown; later calls give a later one. */
  readonly until: () => number;
  /** Of more output in the files than so many bytes, only the newest is read. */
  readonly newestBytes?: number;
  readonly limits?: SegmentLimits;
};

const pollMs = 100;
/** Reading what is there already leaves as much time to others. */
const workMs = 20;
const newestBytes = 64 * 0x100000;

/**
 * Reads the output of all attempts as one log, in the order in which lines ended, each with its task. Lines that have no end
 * yet come when they have one. Memory is bounded: of the oldest lines only their places in the files are held, and at last
 * not even these; `size().first` is then the first line that there is, and says so.
 */
export function openMergedLog(sources: () => readonly OutputSource[], options: MergedLogOptions): LineReader {
  const list = new SegmentList(options.limits ?? segmentLimits);
  const blocks = new BlockCache();
  const listeners = new Set<(size: LogSize) => void>();
  let merged: MergedOutput | undefined;
  let bytes = 0;
  let isCounted = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const size = (): LogSize => ({ lines: list.next, bytes, isCounted, first: list.first });
  const publish = () => {
    for (const listener of listeners) listener(size());
  };
  const begin = async (): Promise<MergedOutput> => {
    const { beginnings, isCut } = await newestParts(sources(), options.newestBytes ?? newestBytes);
    const [first] = sources();
    if (isCut && first !== undefined) list.add({ source: first, at: first.startedAt, lines: [leftOut] });
    return new MergedOutput(sources, (source) => beginnings.get(source) ?? 0);
  };
  /** Takes what has come since. */
  const pump = async (): Promise<void> => {
    merged ??= await begin();
    merged.beginRound();
    let at = performance.now();
    for (;;) {
      const piece = closed ? undefined : await merged.next(options.until());
      if (piece === undefined) break;
      list.add(piece);
      bytes += piece.stored === undefined ? 0 : piece.stored.end - piece.stored.start;
      if (performance.now() - at < workMs) continue;
      publish();
      await new Promise((resolve) => setTimeout(resolve, workMs));
      at = performance.now();
    }
    isCounted = true;
  };
  const inTurn = (action: () => Promise<void>): Promise<void> => {
    const mine = turn.then(() => (closed ? undefined : action()));
    turn = mine.catch(() => {});
    return mine;
  };
  const poll = async (): Promise<void> => {
    timer = undefined;
    const { next: before } = list;
    const wasCounted = isCounted;
    await inTurn(pump).catch(() => {});
    if (list.next !== before || !wasCounted) publish();
    if (listeners.size > 0 && !closed) timer ??= setTimeout(() => void poll(), pollMs).unref();
  };
  const linesOf = async (segment: Segment): Promise<readonly LogLine[]> => {
    const texts = segment.lines ?? (segment.stored === undefined ? undefined : await blocks.lines(segment.stored));
    const gone = () => Array.from({ length: segment.count }, () => '… dropped …');
    return numberedLines(segment, texts?.length === segment.count ? texts : gone());
  };
  const lines = async (first: number, wanted: number): Promise<readonly LogLine[]> => {
    const found: LogLine[] = [];
    for (const segment of list.from(Math.max(0, first))) {
      if (found.length >= wanted || closed) break;
      for (const line of await linesOf(segment)) if (line.number >= first) found.push(line);
    }
    return found.slice(0, wanted);
  };
  return {
    size,
    lines: async (first, wanted) => {
      if (merged === undefined) await inTurn(pump);
      return lines(first, wanted);
    },
    last: async (wanted) => {
      await inTurn(pump);
      return lines(list.next - wanted, wanted);
    },
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
}

/** So long ago something must have come so that it is in its file by now, whatever came at the same time elsewhere. */
const settleMs = 200;

/** For outputs that are still written by this machine. */
export function settledBefore(now: number): EpochMs {
  return (now - settleMs) as EpochMs;
}
