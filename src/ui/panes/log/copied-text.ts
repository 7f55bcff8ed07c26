import type { ShownLine } from './shown-line.ts';

/** What terminals take at once is mostly at least this: 100,000 characters of base64. */
export const clipboardBytes = 74_994;

export type CopiedText = { readonly text: string; readonly lines: number };

/** As many whole lines as a clipboard takes, of the first one at least its beginning. `names`: each with its task. */
export function copiedText(lines: readonly ShownLine[], names: boolean): CopiedText {
  const taken: string[] = [];
  let bytes = 0;
  for (const { text, task } of lines) {
    const line = names && task !== undefined ? `${task} | ${text}` : text;
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > clipboardBytes && taken.length > 0) break;
    taken.push(bytes > clipboardBytes ? line.slice(0, Math.floor(clipboardBytes / 4)) : line);
    if (bytes > clipboardBytes) break;
  }
  return { text: taken.join('\n'), lines: taken.length };
}
