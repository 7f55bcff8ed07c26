import type { RunOptions } from '../../model/pipeline/plan.ts';
import { maskRun } from '../parts/run-masking.ts';
import { maskedParams } from './run-options.ts';
import type { RunRequest } from './run-request.ts';

/** The parameters of a run that is not opened, as they may be shown; undefined without any. */
export function shownParams(request: RunRequest): RunOptions['params'] {
  return maskedParams(request, maskRun(request, []).mask);
}
