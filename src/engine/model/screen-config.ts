import type { TextColour } from './text/text-look.ts';

/** What a person has chosen for their screens; what is absent is as usual. */
export type ScreenConfig = {
  readonly theme?: ThemeName;
  /** By the names of the screen's colours. */
  readonly colours: ReadonlyMap<string, TextColour>;
  /** The keys of an action, all of them: the usual ones are not added. Spelled as in the file. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
  readonly screen: { readonly ascii?: boolean; readonly mouse?: boolean; readonly bell?: boolean };
};

/** `auto`: as the terminal says; as its own colours are when it says nothing. */
export type ThemeName = 'auto' | 'dark' | 'light';

/** What a screen has that can be chosen, so that the file can be judged without one. */
export type ScreenVocabulary = {
  readonly actions: readonly ScreenAction[];
  /** Names of colours, with what each is for. */
  readonly colours: Readonly<Record<string, string>>;
};

export type ScreenAction = {
  readonly name: string;
  /** For people: a sentence. */
  readonly describes: string;
  /** Its usual keys, spelled as in the file. */
  readonly keys: readonly string[];
  /** Where its keys mean it; a key can mean one action in each place. */
  readonly places: readonly string[];
  /** Whether its key is the same for everybody. */
  readonly isFixed: boolean;
};
