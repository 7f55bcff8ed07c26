import type * as verifying from './verify/verify-pipeline.ts';

/** Proves that a pipeline gives the same data whatever happens; loaded when it is asked for. */
export const verifyPipeline: typeof verifying.verifyPipeline = async (request) =>
  (await import('./verify/verify-pipeline.ts')).verifyPipeline(request);
