import { StringDecoder } from 'node:string_decoder';
import { displayLines } from '../../model/text/display-text.ts';
import { lastPart } from '../../model/text/last-part.ts';
import type { OutputStream } from '../../ports.ts';

/** Enough for any first line; a command may print without end. */
const maxFirst = 64 * 1024;
const maxLast = 4_000;

/** What is kept of the output of a check's command. */
export type CommandOutput = {
  readonly write: (stream: OutputStream, chunk: Uint8Array) => void;
  /** The beginning of its standard output. */
  readonly first: () => string;
  /** The last lines of all that it printed, safe to be shown; without empty ones. */
  readonly lastLines: (most: number) => readonly string[];
};

export function keepCommandOutput(): CommandOutput {
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  let first = '';
  let last = '';
  return {
    write: (stream, chunk) => {
      // A string, because the chunk is valid during the call only.
      const text = decoders[stream].write(Buffer.from(chunk));
      if (stream === 'stdout' && first.length < maxFirst) first += text.slice(0, maxFirst - first.length);
      last = lastPart(last + text, maxLast);
    },
    first: () => first,
    lastLines: (most) =>
      displayLines(last)
        .map((line) => line.trim())
        .filter((line) => line !== '')
        .slice(-most),
  };
}
