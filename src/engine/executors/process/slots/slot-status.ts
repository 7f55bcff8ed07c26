import type { Readable } from 'node:stream';

/** A line of the slot program, see slot-program.ts. */
export type StatusLine =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'launch-failed'; readonly missing: 'env' | 'cwd' | 'program' }
  | {
      readonly kind: 'ended';
      /** Bash's exit status of the leader. */
      readonly status: number;
      /** Whether other processes of the group still live. */
      readonly groupIsAlive: boolean;
      /** Whether the slot ends now. */
      readonly slotExits: boolean;
    }
  /** Bash's own message. */
  | { readonly kind: 'shell-message'; readonly text: string };

const maxMessageCharacters = 2_000;

/** Calls `onLine` for every line that comes. */
export function readStatusLines(from: Readable, onLine: (line: StatusLine) => void): void {
  let rest = '';
  from.setEncoding('utf8');
  from.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(-maxMessageCharacters);
    for (const line of lines) onLine(parseStatusLine(line));
  });
}

export function parseStatusLine(line: string): StatusLine {
  const [type, first, second, third] = line.split(' ');
  if (type === '@S') return { kind: 'started', pid: Number(first) };
  if (type === '@E') {
    return { kind: 'ended', status: Number(first), groupIsAlive: second === '1', slotExits: third === '1' };
  }
  if (type === '@N' && (first === 'env' || first === 'cwd' || first === 'program')) {
    return { kind: 'launch-failed', missing: first };
  }
  return { kind: 'shell-message', text: line.slice(0, maxMessageCharacters) };
}
