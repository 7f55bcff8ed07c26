import { formatLimit } from '../../display/format-duration.ts';
import type { FailureCause } from '../../engine/index.ts';

/** Why an attempt failed, short enough for a row of the screen. */
export function formatCause(cause: FailureCause): string {
  switch (cause.kind) {
    case 'exit-code':
      return `exit ${cause.code}`;
    case 'signal':
      return `killed by ${cause.signal}`;
    case 'timeout':
      return `timed out after ${formatLimit(cause.afterMs)}`;
    case 'missing-output':
      return `did not write ${cause.path}`;
    case 'not-started':
      return `not started: ${cause.message}`;
    case 'lost':
      return `lost: ${cause.message}`;
  }
}
