import { sliceText } from './slice-text.ts';
import { safeText, textWidth } from './text-width.ts';

/** `text` in exactly `width` columns: padded with blanks, or cut with `ellipsis` (one column wide) at the end. */
export function fitText(text: string, width: number, ellipsis = '…'): string {
  const short = shortenText(text, width, ellipsis);
  return short + ' '.repeat(Math.max(0, width - textWidth(short)));
}

/** As `fitText`, but aligned to the right. */
export function fitTextRight(text: string, width: number, ellipsis = '…'): string {
  const short = shortenText(text, width, ellipsis);
  return ' '.repeat(Math.max(0, width - textWidth(short))) + short;
}

/** `text` in at most `width` columns. */
export function shortenText(text: string, width: number, ellipsis = '…'): string {
  if (width <= 0) return '';
  return textWidth(text) <= width ? safeText(text) : sliceText(text, 0, width - 1) + ellipsis;
}

/** `text` in at most `width` columns, cut in the middle, because names often differ only at their ends. */
export function shortenMiddle(text: string, width: number, ellipsis = '…'): string {
  const whole = textWidth(text);
  if (whole <= width) return safeText(text);
  if (width <= 3) return shortenText(text, width, ellipsis);
  const tail = Math.floor((width - 1) / 2);
  return sliceText(text, 0, width - 1 - tail) + ellipsis + sliceText(text, whole - tail, whole);
}

/** The first of `variants` (long to short) that fits into `width`; the last one, cut, when none does. */
export function firstThatFits(variants: readonly string[], width: number, ellipsis = '…'): string {
  const fitting = variants.find((variant) => textWidth(variant) <= width) ?? variants[variants.length - 1] ?? '';
  return shortenText(fitting, width, ellipsis);
}
