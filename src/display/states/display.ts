import type { Icon } from './icons.ts';
import type { Severity } from './severity.ts';

/** How a state is shown: an icon, a word, and a severity that decides the colour. */
export type Display = {
  readonly icon: Icon;
  readonly word: string;
  readonly severity: Severity;
  /** In a list of counts, where its word would look like two of them. */
  readonly countWord?: string;
};

/** The word behind a number of what is shown like this. */
export function countWordOf({ word, countWord }: Display): string {
  return countWord ?? word;
}
