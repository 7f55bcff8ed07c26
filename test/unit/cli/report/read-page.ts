/** The markup of a page, read by rules of our own that know nothing of how it was made. */
export type Page = {
  /** Each start tag, with its attributes. */
  readonly tags: readonly { readonly name: string; readonly attributes: ReadonlyMap<string, string> }[];
  /** Tags that were opened and never closed, or closed in another order. */
  readonly unbalanced: readonly string[];
  /** What is between the tags, with its line breaks. */
  readonly text: string;
};

const voidTags = ['meta', 'br', '!doctype'];
/** What does not part words. */
const inlineTags = ['span', 'strong', 'code', 'a'];
const entity = /&#(\d+);/g;

export function readPage(source: string): Page {
  const tags: { name: string; attributes: Map<string, string> }[] = [];
  const open: string[] = [];
  const unbalanced: string[] = [];
  let text = '';
  let at = 0;
  for (const found of source.matchAll(/<(\/?)([!a-z][a-z0-9]*)((?:\s+[a-zA-Z:-]+(?:="[^"]*")?)*)\s*(\/?)>/g)) {
    const [whole, close, name = '', list = '', empty] = found;
    if (open.at(-1) !== 'style') text += source.slice(at, found.index) + (inlineTags.includes(name) ? '' : '\n');
    at = found.index + whole.length;
    if (close === '/') {
      if (open.pop() !== name) unbalanced.push(name);
      continue;
    }
    const attributes = new Map(
      [...list.matchAll(/([a-zA-Z:-]+)(?:="([^"]*)")?/g)].map(([, key = '', value = '']) => [key, decode(value)]),
    );
    tags.push({ name, attributes });
    if (!voidTags.includes(name) && empty !== '/') open.push(name);
  }
  return { tags, unbalanced: [...unbalanced, ...open], text: decode(text + source.slice(at)) };
}

/** The text of a page on one line, as a person reads it. */
export function wordsOf(source: string): string {
  return readPage(source).text.replace(/\s+/g, ' ');
}

function decode(text: string): string {
  return text.replace(entity, (_, code: string) => String.fromCodePoint(Number(code)));
}
