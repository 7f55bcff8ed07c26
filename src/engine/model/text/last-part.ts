import { endOfSequence } from './escape-sequence.ts';

/** The last of a text, at most `most` UTF-16 units: it begins neither within a character nor within an escape sequence. */
export function lastPart(text: string, most: number): string {
  const cut = text.length - most;
  if (cut <= 0) return text;
  // No sequence holds the beginning of another one.
  for (let at = cut - 1; at >= 0; at -= 1) {
    if (!beginsSequence(text.charCodeAt(at))) continue;
    const end = endOfSequence(text, at);
    if (end > cut) return text.slice(end);
    break;
  }
  return text.slice(cut).replace(/^[\uDC00-\uDFFF]/, '');
}

/** ESC and the controls of ISO 6429 that are one character, whatever follows them. */
function beginsSequence(code: number): boolean {
  return code === 0x1b || (code >= 0x80 && code <= 0x9f);
}
