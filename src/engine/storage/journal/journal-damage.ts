import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId } from '../../model/ids.ts';
import type { JournalContents } from './read-journal.ts';

/**
 * What is wrong with a journal and from where on, as a warning; undefined when it is whole. Not for a
 * journal that is being written, whose last line may be incomplete at any time.
 */
export function journalDamage(
  run: RunId,
  path: string,
  { events, ...reading }: JournalContents,
): Diagnostic | undefined {
  const description = describeEnd(reading);
  if (description === undefined) return undefined;
  const code = 'run/damaged-journal';
  const hint = `what follows is unknown; the file is "${path}", and what tasks printed lies beside it`;
  if (events.length > 0)
    return { code, severity: 'warning', message: `The journal of run ${run} ${description}`, hint };
  const message = `run ${run} cannot be read: its journal has no beginning, because it ${description}`;
  return { code, severity: 'error', message, hint };
}

function describeEnd({ end, sound }: Omit<JournalContents, 'events'>): string | undefined {
  switch (end.kind) {
    case 'whole':
      return undefined;
    case 'torn':
      return `is damaged: it is cut off in line ${end.line} (byte ${sound.bytes})`;
    case 'damaged':
      return `is damaged from line ${end.line} on (byte ${sound.bytes})`;
    case 'foreign':
      return `was written by another version of etl-tui (${end.version})`;
  }
}
