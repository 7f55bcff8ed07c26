import type { LogReader } from './run-source.ts';

/** Reads the end of an attempt's output that is kept in memory. */
export function openTail(read: () => string): LogReader {
  const lines = () => {
    const all = read().split('\n');
    if (all[all.length - 1] === '') all.pop();
    return all.map((text, number) => ({ number, text }));
  };
  const size = () => {
    const text = read();
    return { lines: lines().length, bytes: text.length, isCounted: true };
  };
  return {
    size,
    lines: async (first, count) => lines().slice(first, first + count),
    last: async (count) => lines().slice(-count),
    subscribe: (listener) => {
      let told = '';
      const timer = setInterval(() => {
        const text = read();
        if (text !== told) listener(size());
        told = text;
      }, 100);
      return () => clearInterval(timer);
    },
    close: async () => {},
  };
}
