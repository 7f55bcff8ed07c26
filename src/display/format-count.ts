/** `49,665 rows`; `one` is the word for exactly one, which takes an s for the others unless `many` is given. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${groupDigits(count)} ${count === 1 ? one : many}`;
}

/** `4 succeeded, 1 failed`: the parts that are not zero, in their order. */
export function formatTally(parts: readonly (readonly [count: number, word: string])[]): string {
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${groupDigits(count)} ${word}`)
    .join(', ');
}

export function groupDigits(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
