import { isReadable } from '../bars/prompt-row.ts';
import type { PaneId } from '../layout.ts';
import type { Prompt } from '../store/screen-state.ts';
import type { Change, ScreenView } from '../store/screen-view.ts';

/** A key, or keys that belong together, with all that is to be known of them; footer and help are made of these. */
export type KeyBinding = {
  /** As the keyboard reader names them. */
  readonly keys: readonly string[];
  /** As people see them: `+ -`. */
  readonly shown: string;
  readonly section: Section;
  /** One or two words, for the footer. */
  readonly label: string | ((view: ScreenView) => string);
  /** A sentence, for the help. */
  readonly help: string;
  /** How soon it is left out of a narrow footer: 1 last of all; without it, it is in the help only. */
  readonly footer?: number;
  /** The panes in which the key means this; without them it means it everywhere. */
  readonly panes?: readonly PaneId[];
  /** `live`: it steers a run, which a replay does not let itself be; `replay`: it means this in a replay only. */
  readonly only?: 'live' | 'replay';
  /** Why it does nothing now. */
  refuse?(view: ScreenView): string | undefined;
  /** Whether it is worth naming in the footer, where it does not refuse but the run would. */
  isUseful?(view: ScreenView): boolean;
  act(view: ScreenView, key: string): Change;
};

export type Section = 'Tasks' | 'Run' | 'Log' | 'Move' | 'Screen';

/** Answers a key without doing anything. */
export function say({ screen }: ScreenView, text: string): Change {
  return { screen: { ...screen, message: { text, style: 'warn' } } };
}

/** Asks before it does something, where the question can be read; elsewhere it does nothing. */
export function ask({ screen }: ScreenView, question: Omit<Prompt & { readonly kind: 'question' }, 'kind'>): Change {
  const isSeen = screen.rows > 0 && isReadable(question, screen.columns);
  return { screen: isSeen ? { ...screen, prompt: { kind: 'question', ...question } } : screen };
}
