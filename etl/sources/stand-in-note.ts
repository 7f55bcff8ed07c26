import type { DownloadedFile } from './download.ts';

/** Says that a source could not be had, and how old is what stood in; nothing when all is from the source. */
export function standInNote(files: readonly DownloadedFile[]): readonly string[] {
  const standIns = files.filter(({ origin }) => origin === 'offline');
  const oldest = standIns.map(({ confirmedAt }) => confirmedAt.toISOString()).sort()[0];
  return oldest === undefined ? [] : [`source out of reach: copies of ${oldest.slice(0, 16)}Z stand in`];
}
