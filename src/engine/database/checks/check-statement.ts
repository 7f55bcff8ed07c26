const allowed: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'TABLE', 'VALUES']);

/**
 * Why the text is no statement for a check, or undefined when it may be asked. What else such a statement must not do is
 * the server's to refuse, in a transaction that may only read.
 */
export function refuseStatement(sql: string): string | undefined {
  const begin = /^[A-Za-z_]\w*/.exec(withoutLead(sql))?.[0]?.slice(0, 40);
  if (begin === undefined || !allowed.has(begin.toUpperCase())) {
    const found = begin === undefined ? 'this does not begin with a word' : `this begins with ${begin}`;
    return `a check may only read, by SELECT, WITH, TABLE or VALUES: ${found}`;
  }
  // The rights that were put aside for the check could be taken back by it.
  return /\bset_config\b/i.test(sql) ? 'a check may not change settings: set_config' : undefined;
}

/** Without the blanks, comments (which nest) and parentheses before the first word. */
function withoutLead(sql: string): string {
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
  for (const { 0: mark, index } of text.matchAll(/\/\*|\*\//g)) {
    depth += mark === '/*' ? 1 : -1;
    if (depth === 0) return index + 2;
  }
  return text.length;
}
