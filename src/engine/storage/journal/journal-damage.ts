import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId } from '../../model/ids.ts';
import { displayText } from '../../model/text/display-text.ts';
import { journalHeader } from './journal.ts';
import type { JournalContents } from './read-journal.ts';

/**
 * What is wrong with a journal and from where on, as a warning; an error when nothing of it can be read; undefined when it is
 * whole. Not for a journal that is being written, whose last line may be incomplete at any time.
 */
export function journalDamage(
  run: RunId,
  path: string,
  { events, end, sound }: JournalContents,
): Diagnostic | undefined {
  if (end.kind === 'whole') return undefined;
  if (end.kind === 'foreign') return tooNew(run, path, end.version);
  const code = end.kind === 'unknown' ? 'run/newer-journal' : 'run/damaged-journal';
  const damage = describeEnd(end, sound.bytes);
  if (events.length === 0) {
    const message = `run ${run} cannot be read: its journal has no beginning, because it ${damage}`;
    return { code, severity: 'error', message, hint: hints(path).damaged };
  }
  const message = `The journal of run ${run} ${damage}`;
  return { code, severity: 'warning', message, hint: hints(path)[end.kind] };
}

type Damage = Exclude<JournalContents['end'], { kind: 'whole' | 'foreign' }>;

function describeEnd(end: Damage, byte: number): string {
  switch (end.kind) {
    case 'torn':
      return `is cut off in line ${end.line} (byte ${byte}), as after a kill`;
    case 'damaged':
      return `is damaged from line ${end.line} on (byte ${byte})`;
    case 'unknown':
      return `has an event in line ${end.line} (byte ${byte}) that this version of etl-tui does not know`;
  }
}

function hints(path: string): Readonly<Record<Damage['kind'], string>> {
  return {
    torn: 'everything before it is valid; resuming the run removes the incomplete line',
    damaged: `the rest is not shown; the file is "${path}", and the logs of the tasks are next to it`,
    unknown: 'the rest is not shown; update etl-tui to see it',
  };
}

function tooNew(run: RunId, path: string, version: unknown): Diagnostic {
  return {
    code: 'run/newer-journal',
    severity: 'error',
    message: `run ${run} cannot be read: a newer etl-tui wrote its journal (version ${nameOf(version)}; this one reads ${journalHeader.version})`,
    hint: `update etl-tui; "${path}" is left as it is`,
  };
}

/** What a newer version told in a journal and was passed over; undefined when there is no such thing. */
export function journalPassedOver(run: RunId, { newer }: JournalContents): Diagnostic | undefined {
  if (newer === undefined) return undefined;
  const { minor, passedOver } = newer;
  const { version } = journalHeader;
  const kinds = passedOver.map((type) => displayText(type)).join(', ');
  return {
    code: 'run/newer-journal',
    severity: 'warning',
    message: `A newer etl-tui wrote the journal of run ${run} (version ${version}.${minor}; this one knows ${version}.${journalHeader.minor})`,
    hint:
      kinds === ''
        ? 'new events are ignored; update etl-tui to see them'
        : `ignored: ${kinds}; update etl-tui to see them`,
  };
}

function nameOf(version: unknown): string {
  return typeof version === 'number' ? String(version) : 'unknown';
}
