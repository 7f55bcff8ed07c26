import type { Diagnostic } from '../../../engine/index.ts';
import { showDiagnostics } from '../../diagnostics/show-diagnostics.ts';
import type { DisplayOptions, Invocation } from '../../invocation.ts';
import type { ReporterName } from '../create-reporter.ts';
import type { ReporterContext, RunEnd } from '../reporter.ts';
import { appendSummary } from './append-summary.ts';
import { annotateDiagnostics } from './github-commands.ts';
import { refusalSummary, type StepSummary, stepSummary } from './step-summary.ts';

/** What GitHub Actions is told besides the log: what is wrong around the run, as annotations, and the summary of the step. */
export type GithubStep = {
  /** To be called with what is shown on standard error, so that it is annotated as well. */
  readonly note: (diagnostics: readonly Diagnostic[]) => void;
  /** Writes the summary of a run that could not begin, because of what was noted. */
  readonly refuse: () => void;
  readonly finish: (end: RunEnd, context: ReporterContext) => void;
};

/** Does nothing for other reporters, and writes no summary where GITHUB_STEP_SUMMARY names no file. */
export function openGithubStep(reporter: ReporterName, display: DisplayOptions, invocation: Invocation): GithubStep {
  if (reporter !== 'github') return { note: () => {}, refuse: () => {}, finish: () => {} };
  const path = invocation.env['GITHUB_STEP_SUMMARY'];
  const noted: Diagnostic[] = [];
  const write = (summary: StepSummary) => {
    const failure = path ? appendSummary(path, summary) : undefined;
    if (failure !== undefined) showDiagnostics([failure], display, invocation);
  };
  return {
    note: (diagnostics) => {
      noted.push(...diagnostics);
      annotateDiagnostics(diagnostics, invocation);
    },
    refuse: () => write(refusalSummary(noted)),
    finish: (end, context) => write(stepSummary(end, noted, context)),
  };
}
