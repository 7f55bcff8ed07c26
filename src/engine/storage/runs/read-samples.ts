import { closeSync, openSync, readSync } from 'node:fs';
import type { ResourceSample } from '../../model/run/resource-sample.ts';
import { decodeSample } from './sample-line.ts';

/** About half an hour of samples; of a longer run every second one is kept, or every fourth, and so on. */
const maxKept = 2_000;
const chunkBytes = 0x10000;

/** The samples of a stored run, oldest first; none where there is no file. Lines that are no samples are left out. */
export function readSamples(path: string): readonly ResourceSample[] {
  let lines: string[] = [];
  let stride = 1;
  let count = 0;
  for (const line of linesOf(path)) {
    if (count % stride === 0) lines.push(line);
    count += 1;
    if (lines.length < 2 * maxKept) continue;
    lines = lines.filter((_, at) => at % 2 === 0);
    stride *= 2;
  }
  return lines.flatMap((line) => decodeSample(line) ?? []);
}

/** A chunk at a time, so that a file of any size takes little memory. What cannot be read ends it. */
function* linesOf(path: string): Generator<string> {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let rest = Buffer.alloc(0);
    for (let length = readSync(fd, chunk); length > 0; length = readSync(fd, chunk)) {
      const text = Buffer.concat([rest, chunk.subarray(0, length)]);
      let from = 0;
      for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10, from)) {
        yield text.toString('utf8', from, end);
        from = end + 1;
      }
      rest = text.subarray(from);
    }
  } catch {
    // There is none, or it can be read no further.
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
