import { footerKeys } from '../keys/key-lines.ts';
import type { Frame } from '../store/frame.ts';
import type { Theme } from '../theme.ts';
import { footerRow } from './footer-row.ts';
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
      return footerRow(footerKeys(frame, width), width, theme);
  }
}
