/** A word that may stand at the cursor. */
export type Suggestion = {
  /** The whole word, without quotes. */
  readonly value: string;
  readonly about?: string;
  /** Something follows without a space: `day=`. */
  readonly isOpen?: true;
};

/** What may stand at the cursor. Files are looked for by the shell, which knows how to. */
export type Suggestions =
  | {
      readonly kind: 'words';
      readonly words: readonly Suggestion[];
      /** Their order means something: it is kept. */
      readonly isOrdered?: true;
    }
  | { readonly kind: 'files' }
  /** Files that end in `.yaml` or `.yml`. */
  | { readonly kind: 'pipelines' }
  | { readonly kind: 'directories' };

export const nothing: Suggestions = { kind: 'words', words: [] };

export function wordsFrom(values: readonly string[]): Suggestions {
  return { kind: 'words', words: values.map((value) => ({ value })) };
}
