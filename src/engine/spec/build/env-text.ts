/** A part of an `env` value: literal text, or a reference that is resolved when a run starts. */
export type EnvPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'param' | 'env' | 'matrix'; readonly name: string }
  /** `${` followed by anything but a valid reference. */
  | { readonly kind: 'unknown'; readonly written: string };

/** Splits `${param:x}/${env:HOME}` into its parts; `$${` stands for a literal `${`. */
export function splitEnvText(value: string): readonly EnvPart[] {
  const parts: EnvPart[] = [];
  let at = 0;
  for (const match of value.matchAll(/\$\$\{|\$\{([^}]*)\}?/g)) {
    if (match.index > at) parts.push({ kind: 'text', text: value.slice(at, match.index) });
    at = match.index + match[0].length;
    parts.push(readPart(match[0], match[1]));
  }
  if (at < value.length) parts.push({ kind: 'text', text: value.slice(at) });
  return parts;
}

function readPart(written: string, inner: string | undefined): EnvPart {
  if (inner === undefined) return { kind: 'text', text: '${' };
  const found = written.endsWith('}') ? /^(param|env|matrix):([A-Za-z_][A-Za-z0-9_]*)$/.exec(inner) : null;
  if (found === null) return { kind: 'unknown', written };
  return { kind: found[1] as 'param' | 'env' | 'matrix', name: found[2]! };
}
