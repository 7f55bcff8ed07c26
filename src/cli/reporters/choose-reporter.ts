import type { Invocation } from '../invocation.ts';
import type { ReporterName } from './create-reporter.ts';

type ReporterOptions = { readonly reporter?: ReporterName; readonly ci?: true; readonly tui: boolean };

/** The reporter that was named; without one that for GitHub Actions where it runs and no screen is shown, else the plain one. */
export function chooseReporter({ reporter, ci, tui }: ReporterOptions, { env, out }: Invocation): ReporterName {
  if (reporter !== undefined) return reporter;
  const isHeadless = ci === true || !tui || !out.isTerminal;
  return isHeadless && env['GITHUB_ACTIONS'] === 'true' ? 'github' : 'plain';
}
