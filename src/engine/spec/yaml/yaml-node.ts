/** A stretch of the file: offsets in UTF-16 units, `end` exclusive. */
export type SourceRange = { readonly start: number; readonly end: number };

/** What stands in the file, still without meaning; every node knows where it stands. */
export type YamlNode =
  /** `plain`: without quotes, so that it may also be a number, a boolean or null. */
  | (SourceRange & { readonly kind: 'scalar'; readonly text: string; readonly plain: boolean })
  | (SourceRange & { readonly kind: 'list'; readonly items: readonly YamlNode[] })
  | YamlMap
  /** A key or a dash with nothing behind it. */
  | (SourceRange & { readonly kind: 'empty' })
  /** Its syntax was wrong and has been reported; readers pass over it in silence. */
  | (SourceRange & { readonly kind: 'broken' });

/** `complete` is false when a syntax mistake may have hidden entries, so that nobody claims that a key is missing. */
export type YamlMap = SourceRange & {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
  readonly complete: boolean;
};

export type YamlEntry = { readonly key: string; readonly at: SourceRange; readonly value: YamlNode };
