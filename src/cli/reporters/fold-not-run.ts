import { formatCount } from '../../display/format/format-count.ts';
import { nameList } from '../../display/format/name-list.ts';
import { type RunEvent, type RunState, wasNotRun } from '../../engine/index.ts';
import { type EventLine, entryOf, eventLine } from './event-line.ts';

const maxNames = 8;

type Print = (line: EventLine, at: number, state: RunState) => void;

/**
 * One failure can keep a thousand tasks from running, a cancelled run all that are left, and one task that finds nothing to
 * do makes as many needless: such tasks that come one after the other for one reason are printed in one line.
 */
export function foldNotRun(print: Print): {
  /** Whether the event is one of those; it is printed with the others, when the next of another kind comes. */
  readonly folds: (event: RunEvent, state: RunState) => boolean;
  readonly flush: () => void;
} {
  let folded:
    | { readonly reason: string; readonly line: EventLine; readonly names: string[]; at: number; state: RunState }
    | undefined;

  const flush = () => {
    if (folded === undefined) return;
    const { line, names, at, state } = folded;
    folded = undefined;
    const details = [...line.details, ...(names.length === 1 ? [] : [nameList(names, maxNames)])];
    const name = names.length === 1 ? names[0]! : formatCount(names.length, 'task');
    print({ ...line, name, details: [details.join(': ')] }, at, state);
  };

  return {
    folds: (event, state) => {
      const reason = reasonOf(event, state);
      if (reason === undefined || event.type !== 'task.finished') return false;
      if (folded?.reason !== reason) {
        flush();
        folded = { reason, line: eventLine(event, state)!, names: [], at: event.at, state };
      }
      folded.names.push(event.task);
      return true;
    },
    flush,
  };
}

/** Tasks that were stopped in the middle get a line of their own. */
function reasonOf(event: RunEvent, state: RunState): string | undefined {
  if (event.type !== 'task.finished') return undefined;
  const { outcome } = event;
  if (outcome.kind === 'not-needed' && outcome.because !== undefined)
    return eventLine(event, state)?.details.join(', ');
  if (outcome.kind !== 'upstream-failed' && outcome.kind !== 'cancelled') return undefined;
  return wasNotRun(entryOf(state, event.task)) ? eventLine(event, state)?.details.join(', ') : undefined;
}
