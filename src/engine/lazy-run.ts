import type * as checking from './pipeline/check-pipeline.ts';
import type * as opening from './run/open-run.ts';
import type * as requests from './run/preview-request.ts';
import type * as past from './run/request/learn-past.ts';
import type * as resume from './run/resume/preview-resume.ts';
import type * as reuse from './run/reuse/preview-reuse.ts';

// What carries a run out is half of the engine, so that commands which only read a pipeline or a past run go without it.

/** Opens a run. */
export const openRun: typeof opening.openRun = async (request, ...given) =>
  request.executor === 'queue' && given.length === 0
    ? (await import('./run/shared/open-shared-run.ts')).openSharedRun(request)
    : (await import('./run/open-run.ts')).openRun(request, ...given);

/** Asks the checks of a pipeline, and runs no task. */
export const checkPipeline: typeof checking.checkPipeline = async (request) =>
  (await import('./pipeline/check-pipeline.ts')).checkPipeline(request);

/** What a run that is asked for would do. */
export const previewRequest: typeof requests.previewRequest = async (request) =>
  (await import('./run/preview-request.ts')).previewRequest(request);

/** What a resumed run would reuse, and what it would run again. */
export const previewResume: typeof resume.previewResume = async (...args) =>
  (await import('./run/resume/preview-resume.ts')).previewResume(...args);

/** Which tasks of a run would be reused. */
export const previewReuse: typeof reuse.previewReuse = async (request) =>
  (await import('./run/reuse/preview-reuse.ts')).previewReuse(request);

/** What earlier runs tell of a pipeline. */
export const learnPast: typeof past.learnPast = async (request) =>
  (await import('./run/request/learn-past.ts')).learnPast(request);
