import { displayText } from '../../engine/index.ts';

/** Markup of a page. Only `html` makes it, so that no text from outside can be taken for it. */
class Markup {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

export type Html = Markup;
type Value = Html | string | number | undefined | readonly Value[];

/**
 * Markup with values in it. A text is made safe and stays text: markup in it is escaped, and so are quotes, so that it may
 * stand in an attribute between double quotes; what a terminal would obey, or what turns the direction of writing, is
 * taken out. Lists are joined, and undefined is nothing.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Markup(strings.map((part, at) => part + sourceOf(values[at])).join(''));
}

/** A text of which at most `most` characters are kept. */
export function clip(text: string, most = 1_000): string {
  return text.length <= most ? text : `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function sourceOf(value: Value): string {
  if (value instanceof Markup) return value.source;
  if (typeof value === 'string') return escapeText(displayText(value));
  if (typeof value === 'number') return Number.isFinite(value) ? String(Math.round(value * 1000) / 1000) : '';
  // Results are files, and may hold something else than their types say.
  return Array.isArray(value) ? value.map(sourceOf).join('') : '';
}

function escapeText(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
