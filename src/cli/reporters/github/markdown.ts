import { displayText } from '../../../engine/index.ts';

/** What has a meaning in GitHub's Markdown, in HTML, or for what GitHub makes of mentions, emojis and formulas. */
const special = /[\\`*_{}[\]<>()#+!|~&$:@"'=^]/g;

/**
 * Text from outside as one line of Markdown in which nothing has an effect. Numbers of characters are used in place of
 * backslashes, because a backslash does not keep a `|` from ending the cell of a table everywhere.
 * @param most how many characters are kept
 */
export function markdownText(text: string, most = 300): string {
  return clip(displayText(text), most).replace(special, (character) => `&#${character.charCodeAt(0)};`);
}

/** A name or a path as code, in which GitHub finds no mention and no emoji. */
export function markdownCode(text: string): string {
  return `<code>${markdownText(text)}</code>`;
}

/** Lines of output as they are; they must be safe on a terminal already. */
export function markdownOutput(lines: readonly string[]): string {
  const safe = lines.map((line) => clip(line, 500).replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`));
  return `<pre>\n${safe.join('\n')}\n</pre>`;
}

/** A state that stays on one line in a narrow cell. */
export function stateText(icon: string, word: string): string {
  return `${icon} ${word}`.replaceAll(' ', '&nbsp;');
}

/** A table; the cells are Markdown already. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

/** Does not cut a character in two. */
function clip(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
