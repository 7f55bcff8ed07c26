import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Diagnostic } from '../../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../../model/result.ts';
import { withFileSystemDeadline } from '../../../platform/file-system-deadline.ts';
import { makeDirectories } from '../../../platform/make-directories.ts';
import { writeError } from '../../fs/cannot-write.ts';
import { markOfPath } from './request-file.ts';

/** A file among the requests; `mark` changes when it is written again. */
export type IncomingFile = { readonly path: string; readonly mark: string };

/** Finds the requests in a directory, look by look. */
export type Incoming = {
  /**
   * What has not changed for a while, so that nobody is in the middle of writing it. Names that
   * begin with a dot, and those without `.yaml` or `.yml`, are no requests. Error: `run/cannot-write` when the directory
   * cannot be made or read.
   */
  look(): Promise<Result<readonly IncomingFile[], Diagnostic>>;
};

/** With more files than that, the others wait for a later look. */
const maxFiles = 1_000;

/** @param settleMs for how long a file must be unchanged */
export function openIncoming(directory: string, settleMs: number): Incoming {
  let before = new Map<string, { readonly mark: string; readonly sinceMs: number }>();
  return {
    look: async () => {
      try {
        makeDirectories(directory);
        const names = (await withFileSystemDeadline(readdir(directory))).filter(isRequest).sort().slice(0, maxFiles);
        const nowMs = performance.now();
        const now: typeof before = new Map();
        for (const name of names) {
          const path = join(directory, name);
          const mark = await markOfPath(path);
          const known = before.get(path);
          if (mark !== undefined) now.set(path, known?.mark === mark ? known : { mark, sinceMs: nowMs });
        }
        const settled = [...now]
          .filter(([, { sinceMs }]) => nowMs - sinceMs >= settleMs)
          .map(([path, { mark }]) => ({ path, mark }));
        before = now;
        return ok(settled);
      } catch (error) {
        return failed(writeError(directory, error, 'choose another directory'));
      }
    },
  };
}

function isRequest(name: string): boolean {
  return !name.startsWith('.') && /\.ya?ml$/i.test(name);
}
