import { type PatternNode, parsePattern } from './parse-pattern.ts';

/** Tells whether a text matches. */
export type Pattern = (text: string) => boolean;

/** One way on: a letter to be matched, a condition to be met, or one or two further places. */
type Instruction =
  | { readonly kind: 'symbol'; readonly matches: (letter: string) => boolean }
  | { readonly kind: 'assertion'; readonly what: '^' | '$' | 'b' | 'B' }
  | { readonly kind: 'fork'; readonly to: number[] };

const maxInstructions = 1_000;
const maxLetters = 4_000;

/**
 * A JavaScript regular expression (with its flag `u`), matched in one pass: the time grows with the text and never
 * explodes, whoever wrote the pattern and whoever the text. The same answers as `RegExp`, except that a text of more than
 * 4,000 letters does not match. Returns in words what is wrong with the pattern.
 */
export function compilePattern(source: string): Pattern | string {
  try {
    new RegExp(source, 'u');
  } catch (error) {
    return (error as Error).message.replace(/^.*\/u?: /s, '').toLowerCase();
  }
  const tree = parsePattern(source);
  if (tree === undefined) return 'groups that look ahead or behind, and references to groups, are not supported';
  const program: Instruction[] = [];
  if (!emit(tree, program)) return 'it repeats too much';
  return (text) => run(program, text);
}

/** Adds what a tree means to the program; false when that gets too large. */
function emit(node: PatternNode, program: Instruction[]): boolean {
  if (program.length > maxInstructions) return false;
  switch (node.kind) {
    case 'symbol':
      program.push({ kind: 'symbol', matches: symbolMatcher(node.source) });
      return true;
    case 'assertion':
      program.push(node);
      return true;
    case 'sequence':
      return node.parts.every((part) => emit(part, program));
    case 'choice':
      return emitChoice(node.options, program);
    case 'repeat':
      return emitRepeat(node, program);
  }
}

function emitChoice(options: readonly PatternNode[], program: Instruction[]): boolean {
  const begin: number[] = [];
  program.push({ kind: 'fork', to: begin });
  const ends: number[][] = [];
  for (const option of options) {
    begin.push(program.length);
    if (!emit(option, program)) return false;
    const end: number[] = [];
    program.push({ kind: 'fork', to: end });
    ends.push(end);
  }
  for (const end of ends) end.push(program.length);
  return true;
}

function emitRepeat(node: PatternNode & { readonly kind: 'repeat' }, program: Instruction[]): boolean {
  const { part, min, max } = node;
  if (min > maxInstructions || (max !== Infinity && max > maxInstructions)) return false;
  for (let count = 0; count < min; count += 1) if (!emit(part, program)) return false;
  const skips: number[][] = [];
  for (let count = min; count < (max === Infinity ? min + 1 : max); count += 1) {
    const begin = program.length;
    const fork = [begin + 1];
    program.push({ kind: 'fork', to: fork });
    skips.push(fork);
    if (!emit(part, program)) return false;
    if (max === Infinity) program.push({ kind: 'fork', to: [begin] });
  }
  for (const skip of skips) skip.push(program.length);
  return true;
}

function symbolMatcher(source: string): (letter: string) => boolean {
  if (!/[\\[.]/.test(source)) return (letter) => letter === source;
  const one = new RegExp(`^(?:${source})$`, 'u');
  return (letter) => one.test(letter);
}

/** Follows all ways through the program at once, letter by letter. */
function run(program: readonly Instruction[], text: string): boolean {
  const letters = [...text];
  if (letters.length > maxLetters) return false;
  let places: number[] = [];
  for (let at = 0; at <= letters.length; at += 1) {
    const reached = reach(program, [...places, 0], letters, at);
    if (reached.has(program.length)) return true;
    places = [];
    for (const place of reached) {
      const step = program[place]!;
      if (at < letters.length && step.kind === 'symbol' && step.matches(letters[at]!)) places.push(place + 1);
    }
  }
  return false;
}

/** All places that can be reached from these without a letter; a set may grow while it is walked. */
function reach(
  program: readonly Instruction[],
  from: readonly number[],
  letters: readonly string[],
  at: number,
): ReadonlySet<number> {
  const reached = new Set(from);
  for (const place of reached) {
    const step = program[place];
    if (step?.kind === 'fork') for (const to of step.to) reached.add(to);
    if (step?.kind === 'assertion' && holds(step.what, letters, at)) reached.add(place + 1);
  }
  return reached;
}

function holds(what: '^' | '$' | 'b' | 'B', letters: readonly string[], at: number): boolean {
  if (what === '^') return at === 0;
  if (what === '$') return at === letters.length;
  const isWord = (letter: string | undefined) => letter !== undefined && /^\w$/.test(letter);
  return (isWord(letters[at - 1]) !== isWord(letters[at])) === (what === 'b');
}
