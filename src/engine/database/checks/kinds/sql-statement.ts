const allowedFirstWords: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'TABLE', 'VALUES']);

/**
 * Why the text cannot be the statement of a check; undefined when it may be sent. This only gives an early, clear
 * message: the server enforces the rest, in a read-only transaction.
 */
export function refuseStatement(sql: string): string | undefined {
  const first = /^[A-Za-z_]\w*/.exec(skipToFirstWord(sql))?.[0]?.slice(0, 40);
  if (first === undefined || !allowedFirstWords.has(first.toUpperCase())) {
    const found = first === undefined ? 'this does not begin with a word' : `this begins with ${first}`;
    return `a check may only read (SELECT, WITH, TABLE or VALUES), but ${found}`;
  }
  return refuseSettings(sql);
}

/** A setting could give the session back the rights that were dropped for the check. */
export function refuseSettings(sql: string): string | undefined {
  return /\bset_config\b/i.test(sql) ? 'a check may not change settings: set_config' : undefined;
}

/** Skips white space, comments (which nest) and opening parentheses. */
function skipToFirstWord(sql: string): string {
  let rest = sql;
  for (;;) {
    const next = rest.replace(/^[\s(\uFEFF]+/, '').replace(/^--[^\n]*/, '');
    const after = next.startsWith('/*') ? next.slice(lengthOfComment(next)) : next;
    if (after === rest) return rest;
    rest = after;
  }
}

function lengthOfComment(text: string): number {
  let depth = 0;
  for (const { 0: delimiter, index } of text.matchAll(/\/\*|\*\//g)) {
    depth += delimiter === '/*' ? 1 : -1;
    if (depth === 0) return index + 2;
  }
  return text.length;
}
