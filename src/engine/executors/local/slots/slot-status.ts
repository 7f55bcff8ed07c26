import type { Readable } from 'node:stream';

/** A line of the slot program, see slot-program.ts. */
export type StatusLine =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'refused'; readonly what: 'env' | 'cwd' | 'program' }
  | { readonly kind: 'ended'; readonly code: number; readonly left: boolean; readonly last: boolean }
  /** Bash's own words. */
  | { readonly kind: 'remark'; readonly text: string };

const longestRemark = 2_000;

/** Calls `take` for every line that comes. */
export function readStatusLines(from: Readable, take: (line: StatusLine) => void): void {
  let rest = '';
  from.setEncoding('utf8');
  from.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(-longestRemark);
    for (const line of lines) take(parseStatusLine(line));
  });
}

function parseStatusLine(line: string): StatusLine {
  const [mark, first, second, third] = line.split(' ');
  if (mark === '@S') return { kind: 'started', pid: Number(first) };
  if (mark === '@E') return { kind: 'ended', code: Number(first), left: second === '1', last: third === '1' };
  if (mark === '@N' && isRefusal(first)) return { kind: 'refused', what: first };
  return { kind: 'remark', text: line.slice(0, longestRemark) };
}

type Refusal = Extract<StatusLine, { kind: 'refused' }>['what'];

function isRefusal(word: string | undefined): word is Refusal {
  return word === 'env' || word === 'cwd' || word === 'program';
}
