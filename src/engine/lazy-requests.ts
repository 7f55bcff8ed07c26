import type * as closing from './requests/close-request.ts';
import type * as picking from './requests/pick-request.ts';
import type * as preparing from './requests/prepare-request.ts';
import type * as lock from './storage/handoffs/requests/request-lock.ts';

// Few calls of the program are about requests: what carries them out is loaded when it is asked for.

/** Reads a request, and finds out what it means and when it would be done. Runs no task. */
export const prepareRequest: typeof preparing.prepareRequest = async (...args) =>
  (await import('./requests/prepare-request.ts')).prepareRequest(...args);

/** Which of several files is to be dealt with first. */
export const pickRequest: typeof picking.pickRequest = async (...args) =>
  (await import('./requests/pick-request.ts')).pickRequest(...args);

/** Moves an answered request to those that are done. */
export const finishRequest: typeof closing.finishRequest = async (...args) =>
  (await import('./requests/close-request.ts')).finishRequest(...args);

/** Answers a request that is not carried out, and moves it out of the way. */
export const refuseRequest: typeof closing.refuseRequest = async (...args) =>
  (await import('./requests/close-request.ts')).refuseRequest(...args);

/** The answer that this very file got before. */
export const earlierAnswer: typeof closing.earlierAnswer = async (...args) =>
  (await import('./requests/close-request.ts')).earlierAnswer(...args);

/** Makes sure that one process at a time carries out the requests of a project. */
export const lockRequests = async (...args: Parameters<typeof lock.lockRequests>) =>
  (await import('./storage/handoffs/requests/request-lock.ts')).lockRequests(...args);
