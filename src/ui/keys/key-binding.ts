import { isReadable } from '../bars/prompt-row.ts';
import type { PaneId } from '../layout.ts';
import type { Prompt } from '../store/screen-state.ts';
import type { Change, ScreenView } from '../store/screen-view.ts';

/** A key, or keys that belong together: what they do, and how footer and help show them. */
export type KeyBinding = {
  /** Names as in `read-keys.ts`. */
  readonly keys: readonly string[];
  /** What the keys are called in the configuration: one name for all, or one for each in the order of `keys`. */
  readonly action: string | readonly string[];
  /** As shown to the user: `+ -`. */
  readonly shown: string;
  readonly section: Section;
  /** One or two words, for the footer. */
  readonly label: string | ((view: ScreenView) => string);
  /** A sentence, for the help. */
  readonly help: string | (() => string);
  /** The same without the names of usual keys, for keys that the user has chosen. */
  readonly helpIfChosen?: string;
  /** Rank in the footer: a narrow footer leaves out the highest numbers; without a rank the key is in the help only. */
  readonly footer?: number;
  /** The panes in which the key has this meaning; without them it has it everywhere. */
  readonly panes?: readonly PaneId[];
  /** `live`: the key changes the run, which is refused in a replay; `replay`: it has this meaning in a replay only. */
  readonly only?: 'live' | 'replay';
  /** Why the key does nothing now; undefined when it does. */
  refuse?(view: ScreenView): string | undefined;
  /** False when the run would refuse: the footer then leaves the key out. */
  isUseful?(view: ScreenView): boolean;
  /** `key` is one of the usual keys, whichever was chosen in its place. */
  act(view: ScreenView, key: string): Change;
  /** For keys that were chosen by the user: the usual key that each stands for. */
  readonly standsFor?: ReadonlyMap<string, string>;
};

export type Section = 'Replay' | 'Tasks' | 'Checks' | 'History' | 'Run' | 'Log' | 'Graph' | 'Move' | 'Screen';

/** Shows a message and does nothing else. */
export function showMessage({ screen }: ScreenView, text: string): Change {
  return { screen: { ...screen, message: { text, style: 'warn' } } };
}

/** Asks before something is done. Does nothing where the screen is too narrow to show the question. */
export function showQuestion(
  { screen }: ScreenView,
  question: Omit<Prompt & { readonly kind: 'question' }, 'kind'>,
): Change {
  const isSeen = screen.rows > 0 && isReadable(question, screen.columns);
  return { screen: isSeen ? { ...screen, prompt: { kind: 'question', ...question } } : screen };
}

export function helpOf(help: KeyBinding['help']): string {
  return typeof help === 'string' ? help : help();
}
