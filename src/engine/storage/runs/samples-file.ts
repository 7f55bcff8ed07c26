import { closeSync, constants, write } from 'node:fs';
import { promisify } from 'node:util';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ResourceSample } from '../../model/run/resource-sample.ts';
import { openPrivateFile } from '../../platform/private-files.ts';
import { withDeadline } from '../../platform/with-deadline.ts';
import { writeError } from '../fs/cannot-write.ts';
import { encodeSample } from './sample-line.ts';

export type SamplesFile = {
  /** Writes the sample in the background, or leaves it out: when the file grows too fast, or the disk does not keep up. */
  write(sample: ResourceSample): void;
  close(): Promise<void>;
};

/** Half an hour of a sample a second with eight tasks; after that the file grows by 25 MB a day. */
const bytesAtFirst = 2_000_000;
const bytesPerSecond = 290;
const closeWithinMs = 2_000;

const writeBytes = promisify(write);

/**
 * The samples of a run, one a line. The file is created with the first of them. It is not synced, and an error is told once
 * and ends the file, not the run.
 */
export function openSamplesFile(path: string, onWarning: (warning: Diagnostic) => void): SamplesFile {
  let fd: number | undefined;
  let writing: Promise<void> | undefined;
  let bytes = 0;
  let firstAt: number | undefined;
  let hasEnded = false;

  const append = async (line: Buffer) => {
    try {
      fd ??= openPrivateFile(path, constants.O_WRONLY | constants.O_APPEND);
      const { bytesWritten } = await writeBytes(fd, line);
      if (bytesWritten < line.length) throw Object.assign(new Error('no space is left'), { code: 'ENOSPC' });
    } catch (error) {
      hasEnded = true;
      onWarning({ ...writeError(path, error), severity: 'warning' });
    }
    writing = undefined;
  };

  return {
    write: (sample) => {
      firstAt ??= sample.at;
      if (hasEnded || writing !== undefined) return;
      const line = Buffer.from(encodeSample(sample));
      if (bytes + line.length > bytesAtFirst + (bytesPerSecond * (sample.at - firstAt)) / 1000) return;
      bytes += line.length;
      writing = append(line);
    },
    close: async () => {
      hasEnded = true;
      const isLate = await withDeadline(
        writing?.then(() => false) ?? Promise.resolve(false),
        closeWithinMs,
        () => true,
      );
      // Closing waits for a disk that does not answer, and would block this process.
      if (fd !== undefined && !isLate) closeSync(fd);
      fd = undefined;
    },
  };
}
