/**
 * The candidate that `word` was probably meant to be, or undefined: at most a third of its letters differ, so that
 * words of one or two letters are like no others (insertions,
 * deletions, replacements and swaps of neighbours count as one each), or only case and separators do.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  let limit = Math.floor(word.length / 3);
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

/** Optimal string alignment distance; returns `limit + 1` as soon as it must be larger than `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  let previousRow: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, col) => col);
  for (let at = 1; at <= a.length; at += 1) {
    const nextRow = [at];
    let smallest = at;
    for (let col = 1; col <= b.length; col += 1) {
      const same = a[at - 1] === b[col - 1];
      let cost = Math.min(row[col]! + 1, nextRow[col - 1]! + 1, row[col - 1]! + (same ? 0 : 1));
      const swapped = at > 1 && col > 1 && a[at - 1] === b[col - 2] && a[at - 2] === b[col - 1];
      if (swapped) cost = Math.min(cost, previousRow[col - 2]! + 1);
      nextRow.push(cost);
      smallest = Math.min(smallest, cost);
    }
    if (smallest > limit) return limit + 1;
    previousRow = row;
    row = nextRow;
  }
  return row[b.length]!;
}
