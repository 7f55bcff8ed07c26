/** A list that is being typed: `a,load[x=1,y=2],b` is `a` and `load[x=1,y=2]` before the last, `b`. A comma between brackets belongs to a name. */
export function splitList(typed: string): { readonly before: readonly string[]; readonly last: string } {
  const parts = [''];
  let depth = 0;
  for (const character of typed) {
    if (character === '[') depth += 1;
    if (character === ']') depth = Math.max(0, depth - 1);
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return { before: parts.slice(0, -1), last: parts[parts.length - 1]! };
}
