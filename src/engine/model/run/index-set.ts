/** An immutable set of small integers, stored as a bitmap. `nextIndex` visits it in ascending order. */
export type IndexSet = { readonly size: number; readonly words: Uint32Array };

/** An empty set for members from 0 to `capacity` - 1. */
export function createIndexSet(capacity: number): IndexSet {
  return { size: 0, words: new Uint32Array(Math.ceil(capacity / 32)) };
}

/** The set of `members`, which must be distinct. */
export function indexSetOf(capacity: number, members: readonly number[]): IndexSet {
  const set = createIndexSet(capacity);
  for (const member of members) set.words[member >>> 5]! |= 1 << (member & 31);
  return { size: members.length, words: set.words };
}

function hasIndex(set: IndexSet, member: number): boolean {
  return ((set.words[member >>> 5]! >>> (member & 31)) & 1) === 1;
}

export function withIndex(set: IndexSet, member: number): IndexSet {
  if (hasIndex(set, member)) return set;
  const words = set.words.slice();
  words[member >>> 5]! |= 1 << (member & 31);
  return { size: set.size + 1, words };
}

export function withoutIndex(set: IndexSet, member: number): IndexSet {
  if (!hasIndex(set, member)) return set;
  const words = set.words.slice();
  words[member >>> 5]! &= ~(1 << (member & 31));
  return { size: set.size - 1, words };
}

/** The members of `set` that are not in `other`; both have the same capacity. */
export function difference(set: IndexSet, other: IndexSet): IndexSet {
  const words = set.words.map((word, at) => word & ~other.words[at]!);
  return { size: words.reduce((size, word) => size + countBits(word), 0), words };
}

/** The smallest member that is at least `from`, or undefined. */
export function nextIndex(set: IndexSet, from: number): number | undefined {
  let word = from >>> 5;
  if (word >= set.words.length) return undefined;
  let bits = set.words[word]! & (-1 << (from & 31));
  while (bits === 0) {
    word += 1;
    if (word >= set.words.length) return undefined;
    bits = set.words[word]!;
  }
  return word * 32 + (31 - Math.clz32(bits & -bits));
}

function countBits(word: number): number {
  let bits = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) bits += 1;
  return bits;
}
