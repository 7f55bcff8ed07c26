import { footerKeys } from '../keys/key-lines.ts';
import { lineWidth, paint } from '../primitives/line.ts';
import type { Frame } from '../store/frame.ts';
import type { Theme } from '../theme.ts';
import { footerRow } from './footer-row.ts';
import { playbackLine } from './playback-line.ts';
import { inputRow, messageRow, questionRow } from './prompt-row.ts';

/** The last row of the screen: a question, an input line, a message, or the keys. */
export function bottomRow(frame: Frame, width: number, theme: Theme): string {
  const { prompt, message } = frame.screen;
  switch (prompt?.kind) {
    case 'question':
      return questionRow(prompt, width, theme);
    case 'filter':
      return inputRow('filter: ', prompt.text, width, theme);
    case 'search':
      return inputRow('search: ', prompt.text, width, theme);
    case undefined:
      if (message !== undefined) return messageRow(message.text, message.style, width, theme);
      return keysRow(frame, width, theme);
  }
}

/** The keys; in a replay beside how far it has come. A past run that is shown as it ended is no replay. */
function keysRow(frame: Frame, width: number, theme: Theme): string {
  const { playback, isPast } = frame;
  if (playback === undefined || (isPast && playback.isAtEnd)) return footerRow(footerKeys(frame, width), width, theme);
  const line = playbackLine(playback, width, theme);
  const left = lineWidth(line);
  return paint(line, left, theme) + footerRow(footerKeys(frame, width - left), width - left, theme);
}
