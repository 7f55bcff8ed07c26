/** A stretch of the file: offsets in UTF-16 units, `end` exclusive. */
export type SourceRange = { readonly start: number; readonly end: number };

/** What the file holds, not yet interpreted; every node knows its place. */
export type YamlNode =
  /** `plain`: without quotes, so that it may also be a number, a boolean or null. */
  | (SourceRange & { readonly kind: 'scalar'; readonly text: string; readonly plain: boolean })
  | (SourceRange & { readonly kind: 'list'; readonly items: readonly YamlNode[] })
  | YamlMap
  /** A key or a dash with nothing behind it; its place is that of the key or the dash. */
  | (SourceRange & { readonly kind: 'empty' })
  /** A mistake has been reported here; readers report nothing further about it. */
  | (SourceRange & { readonly kind: 'broken' });

/** `complete` is false when an entry was refused, so that a missing key is not reported: it may be the refused one. */
export type YamlMap = SourceRange & {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
  readonly complete: boolean;
};

export type YamlEntry = { readonly key: string; readonly at: SourceRange; readonly value: YamlNode };

/** Keys with a meaning of their own in JavaScript objects. */
export const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
