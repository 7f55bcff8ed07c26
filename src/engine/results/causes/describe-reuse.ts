import type { RunId } from '../../model/ids.ts';
import type { ReuseChange } from '../../model/run/reuse.ts';
import { unreachable } from '../../model/unreachable.ts';

/** Why a task is not run again. */
export function whyReused({ run }: { readonly run: RunId }): string {
  return `nothing has changed since run ${run}`;
}

/** Why a task is run that might have been reused, as a clause: `input data/a.csv changed`. */
export function whyNotReused(change: ReuseChange): string {
  switch (change.kind) {
    case 'unknown':
      return 'there is no earlier success';
    case 'unfinished':
      return `it has not succeeded since run ${change.run}`;
    case 'command':
      return 'its command changed';
    case 'parameters':
      return `its ${change.names.length === 1 ? 'parameter' : 'parameters'} ${change.names.join(', ')} changed`;
    case 'environment':
      return `its ${change.names.length === 1 ? 'variable' : 'variables'} ${change.names.join(', ')} changed`;
    case 'database':
      return 'the database is a different one';
    case 'dependencies':
      return 'what it waits for changed';
    case 'upstream':
      return `its upstream ${change.task} has new results`;
    case 'input': {
      const more = change.more === undefined ? '' : ` (and ${change.more} more)`;
      return `input ${change.path} ${howInput[change.how]}${more}`;
    }
    case 'output':
      return `its output ${change.path} is ${change.isEmpty ? 'empty' : 'gone'}`;
    default:
      return unreachable(change);
  }
}

const howInput = {
  changed: 'changed',
  new: 'is new',
  gone: 'is gone',
  missing: 'is not there',
  unreadable: 'cannot be read',
} as const;
