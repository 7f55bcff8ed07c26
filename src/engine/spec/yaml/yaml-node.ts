/** A range of the file: offsets in UTF-16 units, `end` exclusive. */
export type SourceRange = { readonly start: number; readonly end: number };

/** The parsed but not yet interpreted file; every node has its source range. */
export type YamlNode =
  /** `plain`: without quotes, so that it may also be a number, a boolean or null. */
  | (SourceRange & { readonly kind: 'scalar'; readonly text: string; readonly plain: boolean })
  | (SourceRange & { readonly kind: 'list'; readonly items: readonly YamlNode[] })
  | YamlMap
  /** An absent value; its range is that of its key or dash. */
  | (SourceRange & { readonly kind: 'empty' })
  /** A mistake has been reported here; shapes report nothing further about it. */
  | (SourceRange & { readonly kind: 'broken' });

/** `complete` is false when an entry was rejected; then no missing key is reported, because it may be that entry. */
export type YamlMap = SourceRange & {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
  readonly complete: boolean;
};

export type YamlEntry = { readonly key: string; readonly at: SourceRange; readonly value: YamlNode };

/** Keys with a special meaning in JavaScript objects. */
export const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
