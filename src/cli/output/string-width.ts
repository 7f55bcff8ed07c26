import { createRequire } from 'node:module';

type Library = { readonly default: (text: string) => number };

/** Where Node cannot require an ES module (20 before 20.19, 22 before 22.12), it is loaded at once. */
let library: Library | undefined = process.features.require_module ? undefined : await import('string-width');

/**
 * How many columns a text takes on a terminal. The library takes 20 ms to load, so it is loaded with the first text beyond
 * ASCII.
 */
export function stringWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  library ??= createRequire(import.meta.url)('string-width') as Library;
  return library.default(text);
}
