import type { KeyLine } from '../bars/footer-row.ts';
import type { PaneId } from '../layout.ts';
import { textWidth } from '../primitives/text/text-width.ts';
import type { ScreenView } from '../store/screen-view.ts';
import { helpOf, type KeyBinding, type Section } from './key-binding.ts';
import { findBinding, keyTable } from './key-table.ts';

/**
 * The keys of the footer: of those that do something now, the best ranked that fit into `width`, in the order of the table.
 * The keys of the pane that has the focus come first, and rank before those of tasks.
 */
export function footerKeys(view: ScreenView, width: number): readonly KeyLine[] {
  const { focus } = view.screen;
  const useful = keyTable
    .filter((binding) => binding.footer !== undefined && isReached(binding, view))
    .filter((binding) => isEnabled(binding, view))
    .sort((a, b) => rankOf(a, focus) - rankOf(b, focus));
  const shown = new Set<KeyBinding>();
  let used = 0;
  for (const binding of useful) {
    used += textWidth(`${binding.shown} ${labelOf(binding, view)}`) + separatorWidth;
    if (used > width) break;
    shown.add(binding);
  }
  const isOwn = ({ section }: KeyBinding) => section === ownSections[focus];
  const inOrder = [...keyTable.filter(isOwn), ...keyTable.filter((binding) => !isOwn(binding))];
  return inOrder.filter((binding) => shown.has(binding)).map((binding) => lineOf(binding, view));
}

/** Columns between two keys. */
const separatorWidth = 2;

/** All keys, by section. */
export function helpKeys(view: ScreenView): readonly KeyLine[] {
  const isReplay = view.playback !== undefined;
  return keyTable
    .filter(({ only, keys }) => keys.length > 0 && only !== (isReplay ? 'live' : 'replay'))
    .map((binding) => lineOf(binding, view));
}

/** Whether its first key leads to it where the focus is; one may have been taken off the keyboard. */
function isReached(binding: KeyBinding, view: ScreenView): boolean {
  const [first] = binding.keys;
  return first !== undefined && findBinding(first, view) === binding;
}

/** The keys of a pane other than the list of tasks. */
const ownSections: Readonly<Partial<Record<PaneId, Section>>> = {
  log: 'Log',
  checks: 'Checks',
  history: 'History',
  graph: 'Graph',
};

function rankOf({ section, footer = 0, only }: KeyBinding, focus: PaneId): number {
  const own = ownSections[focus];
  // The key that goes to the next failure goes from check to check, too.
  const isOfTasks = section === 'Tasks' && (own !== 'Checks' || only === 'live');
  const isLater = (section === 'Log' && own !== 'Log') || (isOfTasks && own !== undefined);
  return isLater ? footer + laterRank : footer;
}

const laterRank = 5;

function labelOf({ label }: KeyBinding, view: ScreenView): string {
  return typeof label === 'string' ? label : label(view);
}

function isEnabled(binding: KeyBinding, view: ScreenView): boolean {
  if (binding.only === 'live' && view.playback !== undefined) return false;
  return binding.refuse?.(view) === undefined && binding.isUseful?.(view) !== false;
}

function lineOf(binding: KeyBinding, view: ScreenView): KeyLine {
  const { shown, help, section } = binding;
  return { keys: shown, label: labelOf(binding, view), help: helpOf(help), section, enabled: isEnabled(binding, view) };
}
