import { describeCause, type FailureCause } from '../../engine/index.ts';

/** Why an attempt failed, short enough for a row of the screen. */
export function formatCause(cause: FailureCause): string {
  switch (cause.kind) {
    case 'exit-code':
      return `exit ${cause.code}`;
    case 'not-started':
      return `not started: ${cause.message}`;
    case 'lost':
      return `lost: ${cause.message}`;
    case 'signal':
    case 'timeout':
    case 'missing-output':
    case 'overload':
    case 'only-if':
    case 'wait-for':
    case 'awaited':
    case 'bad-lines':
      return describeCause(cause);
  }
}
