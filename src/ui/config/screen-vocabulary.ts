import type { ScreenVocabulary } from '../../engine/index.ts';
import { usualKeys } from '../keys/key-table.ts';
import { screenActions } from '../keys/key-vocabulary.ts';
import { colourNames } from '../palettes.ts';

/** What can be chosen in a configuration: the actions of the one table of keys, and the colours of the theme. */
export const screenVocabulary: ScreenVocabulary = { actions: screenActions(usualKeys), colours: colourNames };
