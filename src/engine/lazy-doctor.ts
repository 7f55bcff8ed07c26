import type * as examining from './doctor/examine-project.ts';

/** Looks whether a run would have what it needs; loaded when it is asked for. */
export const examineProject: typeof examining.examineProject = async (request) =>
  (await import('./doctor/examine-project.ts')).examineProject(request);
