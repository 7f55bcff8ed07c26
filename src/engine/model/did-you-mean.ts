/**
 * The candidate that `word` was probably meant to be, or undefined: at most a third of its letters differ (insertions,
 * deletions, replacements and swaps of neighbours count as one each), or only case and separators do.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  let limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    if (withoutSeparators(known) === withoutSeparators(wanted)) return candidate;
    if (Math.abs(known.length - wanted.length) > limit) continue;
    const distance = editDistance(wanted, known, limit);
    if (distance > limit) continue;
    best = candidate;
    limit = distance - 1;
    if (limit < 0) break;
  }
  return best;
}

function withoutSeparators(word: string): string {
  return word.replace(/[-_. ]/g, '');
}

/** Optimal string alignment distance; gives up with `limit + 1` once it must be larger. */
function editDistance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, col) => col);
  for (let row = 1; row <= a.length; row += 1) {
    const line = [row];
    let least = row;
    for (let col = 1; col <= b.length; col += 1) {
      const same = a[row - 1] === b[col - 1];
      let cost = Math.min(last[col]! + 1, line[col - 1]! + 1, last[col - 1]! + (same ? 0 : 1));
      const swapped = row > 1 && col > 1 && a[row - 1] === b[col - 2] && a[row - 2] === b[col - 1];
      if (swapped) cost = Math.min(cost, before[col - 2]! + 1);
      line.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    before = last;
    last = line;
  }
  return last[b.length]!;
}
