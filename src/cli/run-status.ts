import type { RunListing } from '../engine/index.ts';
import type { Severity } from './reporters/event-line.ts';

type RunStatus = RunListing['status'];

/** How the status of a kept run is dressed. */
export function statusSeverity(status: RunStatus): Severity {
  switch (status) {
    case 'success':
      return 'succeeded';
    case 'failed':
      return 'failed';
    case 'cancelled':
      return 'notRun';
    case 'interrupted':
    case 'damaged':
      return 'warned';
    case 'running':
      return 'plain';
  }
}
