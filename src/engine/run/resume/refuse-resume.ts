import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId } from '../../model/ids.ts';

export function ofAnother(run: RunId, pipeline: string, wanted: string): Diagnostic {
  return {
    code: 'usage/cannot-resume',
    severity: 'error',
    message: `run ${run} is a run of pipeline "${pipeline}", not of "${wanted}"`,
    hint: `give the file of its pipeline: etl-tui run FILE --resume ${run}`,
  };
}

export function hasSucceeded(run: RunId, pipeline: string, isLatest: boolean): Diagnostic {
  return {
    code: 'usage/cannot-resume',
    severity: 'error',
    message: isLatest
      ? `the latest run of pipeline "${pipeline}", ${run}, has succeeded; there is nothing to resume`
      : `run ${run} has succeeded; there is nothing to resume`,
    hint: isLatest
      ? 'start a new run with etl-tui run, or resume an earlier one: etl-tui run --resume RUN (etl-tui history lists them)'
      : 'start a new run with etl-tui run',
  };
}
