import { type ColouredText, displayColoured, type LogLine } from '../../../engine/index.ts';

/** A line of a log as it is shown: safe for the terminal, in the colours of the task. */
export type ShownLine = ColouredText & Pick<LogLine, 'stamp' | 'task' | 'attempt'>;

export function shownLine({ text, ...line }: Omit<LogLine, 'number'>): ShownLine {
  return { ...line, ...displayColoured(text) };
}
