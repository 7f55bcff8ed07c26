import { stringWidth } from './string-width.ts';

/** The text in at most `width` columns: of a longer one its beginning and its end, which tell names apart. */
export function shortenMiddle(text: string, width: number, ellipsis: string): string {
  if (stringWidth(text) <= width) return text;
  const characters = [...text];
  const room = Math.max(0, width - stringWidth(ellipsis));
  const take = (from: readonly string[], columns: number) => {
    const taken: string[] = [];
    let used = 0;
    for (const character of from) {
      used += stringWidth(character);
      if (used > columns) break;
      taken.push(character);
    }
    return taken;
  };
  const head = take(characters, Math.ceil(room / 2));
  const tail = take(characters.toReversed(), room - stringWidth(head.join('')));
  return `${head.join('')}${ellipsis}${tail.reverse().join('')}`;
}
