const maxNamed = 3;

/** `a, b, c and 4 more`. */
export function firstNames(names: readonly string[]): string {
  const more = names.length - maxNamed;
  return more > 1 ? `${names.slice(0, maxNamed).join(', ')} and ${more} more` : names.join(', ');
}
