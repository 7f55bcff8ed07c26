import { lineWidth, paint, type StyledText, styled } from '../primitives/line.ts';
import type { Theme } from '../theme.ts';

/** A key as the footer and the help name it. */
export type KeyLine = {
  /** `r`, `Tab`, `+ -`. */
  readonly keys: string;
  /** One or two words, for the footer. */
  readonly label: string;
  /** A sentence, for the help. */
  readonly help: string;
  /** Whether the key does something now. */
  readonly enabled: boolean;
  /** The heading in the help. */
  readonly section?: string;
};

/** The enabled keys, as many as fit; the last one, which opens the help, always fits. */
export function footerRow(keys: readonly KeyLine[], width: number, theme: Theme): string {
  const enabled = keys.filter(({ enabled }) => enabled);
  const items = enabled.map(({ keys: key, label }): StyledText[] => [styled(key, 'key'), styled(` ${label}`, 'dim')]);
  const last = items.pop();
  if (last === undefined) return paint([], width, theme);
  const row: StyledText[] = [styled(' ')];
  let used = 1 + lineWidth(last);
  for (const item of items) {
    used += lineWidth(item) + separator.length;
    if (used > width) break;
    row.push(...item, styled(separator));
  }
  return paint([...row, ...last], width, theme);
}

const separator = '  ';
