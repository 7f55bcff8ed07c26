import { createRequire } from 'node:module';

type StringWidth = (text: string) => number;

let library: StringWidth | undefined;

/**
 * How many columns a text takes on a terminal. The library's tables take longer to load than the rest of a small run, so
 * that they are loaded with the first text beyond ASCII.
 */
export function stringWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  library ??= (createRequire(import.meta.url)('string-width') as { readonly default: StringWidth }).default;
  return library(text);
}
