import type { DownloadedFile } from './download.ts';

/** A note that a source was unreachable, with the age of the oldest copy used instead; empty when all files are current. */
export function staleCopyNote(files: readonly DownloadedFile[]): readonly string[] {
  const stale = files.filter(({ origin }) => origin === 'offline');
  const oldest = stale.map(({ confirmedAt }) => confirmedAt.toISOString()).sort()[0];
  return oldest === undefined ? [] : [`source unreachable: using copies of ${oldest.slice(0, 16)}Z`];
}
