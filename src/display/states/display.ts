import type { Icon } from './icons.ts';
import type { Severity } from './severity.ts';

/** How a state is shown: an icon, a word, and a severity that decides the colour. */
export type Display = { readonly icon: Icon; readonly word: string; readonly severity: Severity };
