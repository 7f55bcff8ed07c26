/** A line of bash up to the cursor. */
export type BashLine = {
  /** The words before that of the cursor, as a program gets them; the first is the program itself. */
  readonly before: readonly string[];
  /** The word of the cursor up to there. */
  readonly current: string;
  /** The beginning of `current` that bash leaves as it is: it replaces what is behind. */
  readonly kept: string;
  /** The quote that is open at the cursor. */
  readonly quote: '' | "'" | '"';
};

/**
 * Reads a line as bash and readline do, without expanding anything.
 * @param breaks COMP_WORDBREAKS: behind one of these characters bash begins what it replaces, so also behind the `=` in a word
 */
export function readBashLine(line: string, breaks: string): BashLine {
  const before: string[] = [];
  let current: string | undefined;
  let kept = 0;
  let quote: BashLine['quote'] = '';
  const add = (text: string) => {
    current = (current ?? '') + text;
  };
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at]!;
    if (quote !== '') {
      const next = line[at + 1] ?? '';
      if (character === quote) {
        quote = '';
        kept = current?.length ?? 0;
      } else if (quote === '"' && character === '\\' && '"\\$`'.includes(next)) {
        add(next);
        at += 1;
      } else add(character);
    } else if (character === '\\') {
      at += 1;
      add(line[at] ?? '');
    } else if (/\s/.test(character)) {
      if (current !== undefined) before.push(current);
      current = undefined;
      kept = 0;
    } else if (character === "'" || character === '"') {
      quote = character;
      add('');
      kept = current?.length ?? 0;
    } else {
      add(character);
      if (breaks.includes(character)) kept = current?.length ?? 0;
    }
  }
  const typed = current ?? '';
  return { before, current: typed, kept: typed.slice(0, kept), quote };
}

/** What bash is to put in place of what it replaces, for words that begin with what is typed. */
export function bashReplies(values: readonly string[], { kept, quote }: BashLine): readonly string[] {
  const rest = values.map((value) => value.slice(kept.length));
  if (quote === "'") return rest.map(insideSingleQuotes);
  if (quote === '"') return rest.map((text) => text.replace(/["$`\\]/g, '\\$&'));
  const isBeginning = /^(?:[\w-]+=)?$/.test(kept);
  // Bash inserts what all replies have in common, so that either all of them begin with a quote, or none.
  if (isBeginning && rest.every((text) => special.test(text)))
    return rest.map((text) => `'${insideSingleQuotes(text)}'`);
  return rest.map((text) => text.replace(new RegExp(special, 'g'), '\\$&'));
}

/** What means something to bash outside of quotes. */
const special = /[\s!"#$&'()*;<>?[\\\]`{|}~]/;

function insideSingleQuotes(text: string): string {
  return text.replaceAll("'", `'\\''`);
}
