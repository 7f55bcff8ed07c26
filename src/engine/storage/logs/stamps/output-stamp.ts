import { basename, dirname, join } from 'node:path';
import type { EpochMs } from '../../../model/ids.ts';

/** When a stretch of an output came, and on which stream; `both`: pieces of both, too small to be kept apart. */
export type OutputStamp = { readonly at: EpochMs; readonly stream: StampStream };

export type StampStream = 'stdout' | 'stderr' | 'both';

/** In the order of their numbers in the file. */
export const stampStreams: readonly StampStream[] = ['stdout', 'stderr', 'both'];

/** The file with the stamps of one file of a log: `1.times` of `1.log`, `1.times.000000000042` of `1.log.000000000042`. */
export function stampFilePath(logFile: string): string {
  return join(dirname(logFile), basename(logFile).replace('.log', '.times'));
}
