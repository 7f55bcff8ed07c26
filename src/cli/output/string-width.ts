import { createRequire } from 'node:module';

type Library = { readonly default: (text: string) => number };

let library: Library | undefined;

/**
 * How many columns a text takes on a terminal. The library takes 20 ms to load, so it is loaded with the first text beyond
 * ASCII.
 */
export function stringWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  library ??= load();
  return library.default(text);
}

/**
 * The bundler includes only what is called by the name `require`; an installed program has no other packages beside it. An ES
 * module that is not bundled has no `require`.
 */
function load(): Library {
  if (typeof require === 'function') return require('string-width') as Library;
  return createRequire(import.meta.url)('string-width') as Library;
}
