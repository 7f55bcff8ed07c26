import type { Display } from '../../display/states/display.ts';
import { unicodeIcons } from '../../display/states/icons.ts';
import type { RunDetails } from '../../engine/index.ts';
import { type Html, html } from './html.ts';

/** What a page is made of. */
export type ReportSource = RunDetails & {
  /** What failed tasks printed last, by task. */
  readonly output: ReadonlyMap<string, readonly string[]>;
  /** A path as people should see it. */
  readonly shown: (path: string) => string;
};

export type TaskRow = RunDetails['report']['result']['results'][number];

/** One part of a page, with a heading that can be jumped to; undefined when there is nothing to say. */
export type Section = { readonly id: string; readonly title: string; readonly body: Html };

export function sectionMarkup({ id, title, body }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${body}</section>
`;
}

/** A state as icon, word and colour. */
export function stateMarkup({ icon, word, severity }: Display): Html {
  return html`<span class="state ${severity}"><span aria-hidden="true">${unicodeIcons[icon]}</span> ${word}</span>`;
}

/** The same where there is no room for the word: it is read aloud, and shown when the pointer rests on the icon. */
export function iconMarkup({ icon, word, severity }: Display): Html {
  return html`<span class="state ${severity}" title="${word}"><span aria-hidden="true">${unicodeIcons[icon]}</span><span class="hidden">${word}: </span></span>`;
}

/** A column of a table: numbers stand under each other, what is short stays on a line, long texts are given room. */
export type Column = { readonly title: string; readonly kind?: 'number' | 'short' | 'name' | 'long' };

/**
 * A table whose first column names its rows, and stays in sight on a narrow screen. Cells are text or markup. A column in
 * which nothing stands is left out.
 * @param label what it shows, for who does not see it
 */
export function table(label: string, columns: readonly Column[], rows: readonly (readonly (Html | string)[])[]): Html {
  const filled = columns
    .map(({ title, kind }, at) => ({ title, at, look: kind === undefined ? undefined : html` class="${looks[kind]}"` }))
    .filter(({ at }) => rows.some((cells) => cells[at] !== ''));
  const head = filled.map(({ title, look }) => html`<th scope="col"${look}>${title}</th>`);
  const body = rows.map((cells) => {
    const parts = filled.map(({ at, look }) =>
      at === 0 ? html`<th scope="row">${cells[at]}</th>` : html`<td${look}>${cells[at]}</td>`,
    );
    return html`<tr>${parts}</tr>
`;
  });
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table class="sticky"><thead><tr>${head}</tr></thead><tbody>
${body}</tbody></table></div>
`;
}

const looks = { number: 'n', short: 'short', name: 'name', long: 'long' } as const;

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
