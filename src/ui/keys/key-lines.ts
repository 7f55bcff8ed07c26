import type { PaneName } from '../layout.ts';
import type { ScreenView } from '../store/screen-view.ts';
import type { KeyLine } from '../view/footer-row.ts';
import type { KeyBinding } from './key-binding.ts';
import { keyTable } from './key-table.ts';

/** The keys of the footer in their order: of the pane that has the keyboard, then of the whole screen, help last. */
export function footerKeys(view: ScreenView): readonly KeyLine[] {
  const { focus } = view.screen;
  return keyTable
    .filter((binding) => binding.footer !== undefined && isFor(binding, focus) && !isHidden(binding, focus))
    .sort((a, b) => rankOf(a, focus) - rankOf(b, focus))
    .map((binding) => lineOf(binding, view));
}

/** All keys, by section. */
export function helpKeys(view: ScreenView): readonly KeyLine[] {
  return keyTable.map((binding) => lineOf(binding, view));
}

/** Whether a key means this in the pane. */
export function isFor({ panes }: KeyBinding, focus: PaneName): boolean {
  return panes === undefined || panes.includes(focus);
}

/** A key that means something else in this pane. */
function isHidden({ keys, panes }: KeyBinding, focus: PaneName): boolean {
  return (
    panes === undefined &&
    keyTable.some((other) => other.panes?.includes(focus) === true && other.keys.some((key) => keys.includes(key)))
  );
}

/** In the log its own keys come before those of the task. */
function rankOf({ section, footer = 0 }: KeyBinding, focus: PaneName): number {
  if (footer >= lastRanks) return footer;
  return (focus === 'log') === (section === 'Log') ? footer : footer + lastRanks / 2;
}

/** From here on keys stand at the end, wherever one is. */
const lastRanks = 900;

function lineOf(binding: KeyBinding, view: ScreenView): KeyLine {
  const { shown, label, help, section } = binding;
  return { keys: shown, label, help, section, enabled: binding.refuse?.(view) === undefined };
}
