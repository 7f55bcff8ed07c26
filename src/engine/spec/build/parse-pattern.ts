/** A regular expression as a tree. `symbol` is what one letter must match, as it is written. */
export type PatternNode =
  | { readonly kind: 'symbol'; readonly source: string }
  | { readonly kind: 'assertion'; readonly what: '^' | '$' | 'b' | 'B' }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly min: number; readonly max: number };

/**
 * The tree of a regular expression that JavaScript has found right, or undefined when it looks ahead, behind or back at
 * what a group has matched: these alone cannot be decided in one pass over the text.
 */
export function parsePattern(source: string): PatternNode | undefined {
  let at = 0;
  let supported = true;

  function take(form: RegExp): string {
    form.lastIndex = at;
    const found = form.exec(source)?.[0] ?? '';
    at += found.length;
    return found;
  }

  function choice(): PatternNode {
    const options = [sequence()];
    while (source[at] === '|') {
      at += 1;
      options.push(sequence());
    }
    return options.length === 1 ? options[0]! : { kind: 'choice', options };
  }

  function sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (supported && at < source.length && source[at] !== '|' && source[at] !== ')') parts.push(repeated(term()));
    return { kind: 'sequence', parts };
  }

  function repeated(part: PatternNode): PatternNode {
    const written = take(/(?:[*+?]|\{\d+(?:,\d*)?\})\??/y);
    if (written === '') return part;
    const [least, most] = written.match(/\d+/g) ?? [];
    const bounds = { '*': [0, Infinity], '+': [1, Infinity], '?': [0, 1] }[written[0]!];
    const min = bounds?.[0] ?? Number(least);
    const max = bounds?.[1] ?? (most !== undefined ? Number(most) : written.includes(',') ? Infinity : min);
    return { kind: 'repeat', part, min, max };
  }

  function term(): PatternNode {
    if (take(/\((?:\?(?:[:]|<(?![=!])[^>]*>))?(?!\?)/y) !== '') {
      const inner = choice();
      at += 1;
      return inner;
    }
    const assertion = take(/\^|\$|\\[bB]/y);
    if (assertion !== '') return { kind: 'assertion', what: assertion.slice(-1) as '^' };
    const symbol = take(
      /\[(?:\\.|[^\]\\])*\]|\\[pPu]\{[^}]*\}|\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|\\u\w{4}|\\x\w\w|\\c[A-Za-z]|\\[^1-9kpPuxc]|[^\\(]/uy,
    );
    if (symbol === '') supported = false;
    return { kind: 'symbol', source: symbol };
  }

  const tree = choice();
  return supported ? tree : undefined;
}
