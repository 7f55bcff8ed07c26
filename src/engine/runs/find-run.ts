import type { Diagnostic } from '../model/diagnostic.ts';
import type { RunId } from '../model/ids.ts';
import { failed, ok, type Result } from '../model/result.ts';
import { didYouMean } from '../model/text/did-you-mean.ts';
import { newestRuns, storedRuns } from '../storage/runs/stored-runs.ts';

const maxNamed = 5;

/** The run that `text` names: its id, the beginning of one, or `latest`. Error: `run/unknown-run`. */
export async function findRun(logDir: string, text: string): Promise<Result<RunId, Diagnostic>> {
  const newest = (await newestRuns(logDir).next()).value as RunId | undefined;
  if (newest === undefined) return failed(unknownRun(`there are no runs in "${logDir}"`, 'start one with etl-tui run'));
  if (text === 'latest') return ok(newest);
  const runs = await storedRuns(logDir);
  const exact = runs.find((run) => run === text);
  if (exact !== undefined) return ok(exact);
  const meant = text === '' ? [] : runs.filter((run) => run.startsWith(text));
  if (meant.length === 1) return ok(meant[0]!);
  if (meant.length > 1) {
    const names = meant.slice(-maxNamed).join(', ');
    return failed(unknownRun(`"${text}" matches ${meant.length} runs`, `the latest of them: ${names}`));
  }
  const similar = didYouMean(text, ['latest', ...runs.toReversed()]);
  const hint = similar === undefined ? 'etl-tui history lists the runs; "latest" is the last one' : undefined;
  return failed(unknownRun(`there is no run "${text}"`, hint ?? `did you mean "${similar}"?`));
}

function unknownRun(message: string, hint: string): Diagnostic {
  return { code: 'run/unknown-run', severity: 'error', message, hint };
}
