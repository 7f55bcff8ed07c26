import type { ScreenAction, ScreenVocabulary } from '../../model/screen-config.ts';
import { type Report, reportError } from '../report-error.ts';
import type { LocatedText } from '../schema/scalar-shapes.ts';

type Holder = { readonly action: ScreenAction; readonly at?: LocatedText };

/** Reports each key that would mean two actions in one place, where at least one of them is in the file. */
export function reportTakenKeys(
  given: ReadonlyMap<string, readonly LocatedText[]>,
  { actions }: ScreenVocabulary,
  report: Report,
): void {
  const holders = new Map<string, Holder>();
  const isGiven = ({ name }: ScreenAction) => given.has(name);
  // The usual keys first: a key in the file is what is to be changed.
  for (const action of [...actions.filter((one) => !isGiven(one)), ...actions.filter(isGiven)]) {
    const written: readonly (LocatedText | string)[] = given.get(action.name) ?? action.keys;
    for (const key of written) {
      const holder: Holder = typeof key === 'string' ? { action } : { action, at: key };
      const name = typeof key === 'string' ? key : key.text;
      const places = action.places.map((place) => `${place} ${name}`);
      const taken = places.map((place) => holders.get(place)).find((one) => one !== undefined);
      if (taken !== undefined && typeof key !== 'string') reportTaken(key, action, taken, report);
      for (const place of places) if (!holders.has(place)) holders.set(place, holder);
    }
  }
}

function reportTaken(key: LocatedText, action: ScreenAction, { action: other, at }: Holder, report: Report): void {
  const usual = at === undefined;
  reportError(report, {
    code: 'config/key-taken',
    at: key,
    message: `"${key.text}" cannot be the key of "${action.name}": it is ${usual ? 'usually ' : ''}that of "${other.name}"`,
    hint: usual ? `take another key, or give "${other.name}" another one as well` : 'give one of them another key',
    ...(at === undefined ? {} : { related: [{ message: `the key of "${other.name}" is here`, at }] }),
  });
}
