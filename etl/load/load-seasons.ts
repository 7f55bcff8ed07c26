import pLimit from 'p-limit';
import type pg from 'pg';
import { fetchSeason, type NflverseFile, SEASON_FILES } from '../sources/nflverse.ts';
import { requestsAtOnce } from '../sources/requests-at-once.ts';
import { staleCopyNote } from '../sources/stale-copy-note.ts';
import type { TaskContext } from '../task-context.ts';
import { TaskError } from '../task-error.ts';
import type { FileLoadResult } from './load-file.ts';
import { formatFindings } from './load-findings.ts';

/** Loads one season's file on a connection that nothing else uses; `onProgress` gets the share done, 0 to 1. */
export type LoadSeason = (
  client: pg.Client,
  season: number,
  file: NflverseFile,
  onProgress: (fraction: number) => void,
) => Promise<FileLoadResult>;

/** As many connections as a browser opens to one host: files of several seasons arrive side by side, each as slowly as before. */
const DOWNLOADS_AT_ONCE = 6;

/**
 * Fetches and loads a file per season, each as soon as it has arrived, as many at once as the task may hold connections.
 * `first` is the connection that the task has already. After a failure no further load starts. Ends with the report of
 * the task.
 */
export async function loadSeasons(
  context: TaskContext,
  first: pg.Client,
  of: keyof typeof SEASON_FILES,
  load: LoadSeason,
): Promise<void> {
  const { seasons } = context;
  const clients = [first];
  while (clients.length < Math.min(context.connectionBudget, seasons.length)) clients.push(await context.connect());
  const fetching = pLimit(requestsAtOnce(DOWNLOADS_AT_ONCE, context.env));
  const loading = pLimit(clients.length);
  const progress = progressOf(context, seasons.length);

  const fetchAndLoad = async (season: number, index: number): Promise<LoadedSeason> => {
    const file = await fetching(() => fetchSeason(context, of, season));
    if (file === undefined) {
      context.log(`${SEASON_FILES[of](season)} is not published yet: season ${season} has no data`);
      progress(index, 1);
      return { season, file };
    }
    const result = await loading(async () => {
      const client = clients.pop();
      if (client === undefined) throw new Error('more loads under way than there are connections');
      try {
        return await load(client, season, file, (fraction) => progress(index, fraction));
      } finally {
        clients.push(client);
      }
    });
    progress(index, 1);
    return { season, file, result };
  };

  const loaded = await Promise.all(
    seasons.map((season, index) =>
      fetchAndLoad(season, index).catch((error: unknown) => {
        fetching.clearQueue();
        loading.clearQueue();
        throw error;
      }),
    ),
  );
  // Seasons are published one after the other: when the first is not, none is.
  if (loaded.every(({ result }) => result === undefined) && seasons.includes(context.firstSeason)) {
    throw new TaskError(`none of the seasons ${seasons.join(', ')} is published yet; choose earlier ones`, {
      exitCode: 2,
    });
  }
  reportResult(context, loaded);
}

type LoadedSeason = {
  readonly season: number;
  readonly file: NflverseFile | undefined;
  readonly result?: FileLoadResult;
};

/** Reports the rows, and as message `2 seasons, 1 of 2 files unchanged`. */
function reportResult(context: TaskContext, loaded: readonly LoadedSeason[]): void {
  const results = loaded.flatMap(({ result }) => result ?? []);
  const sum = (key: 'rows' | 'rowsChanged') => results.reduce((total, result) => total + result[key], 0);
  const unchanged = results.filter(({ fresh }) => fresh).length;
  const unpublished = loaded.filter(({ file }) => file === undefined).map(({ season }) => season);
  const files = loaded.flatMap(({ file }) => file ?? []);
  const seasons = results.length === 0 ? [] : [results.length === 1 ? '1 season' : `${results.length} seasons`];
  const skipped =
    unchanged === 0
      ? []
      : unchanged === results.length
        ? [results.length === 1 ? 'file unchanged' : 'files unchanged']
        : [`${unchanged} of ${results.length} files unchanged`];
  const missing = unpublished.length === 0 ? [] : [`not published yet: ${unpublished.join(', ')}`];
  const findings = formatFindings(results.map((result) => result.findings));
  context.report({
    progress: 1,
    message: [...seasons, ...skipped, ...missing, ...findings, ...staleCopyNote(files)].join(', '),
    rows: sum('rows'),
    rows_changed: sum('rowsChanged'),
  });
}

/** One progress for all files; reported at most once per cent, because the report is a file. */
function progressOf(context: TaskContext, files: number): (index: number, fraction: number) => void {
  const fractions = new Array<number>(files).fill(0);
  let reported = 0;
  return (index, fraction) => {
    fractions[index] = fraction;
    const all = fractions.reduce((total, part) => total + part, 0) / files;
    if (all < reported + 0.01) return;
    reported = all;
    const done = fractions.filter((part) => part === 1).length;
    context.report({ progress: Math.min(0.99, all), message: `${done} of ${files} seasons` });
  };
}
