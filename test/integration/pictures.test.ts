import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { textIn } from '../support/pictures/draw-svg.ts';
import { drawPicture, pictures } from '../support/pictures/pictures.ts';

const hint = 'npm run pictures draws them anew; look at them before they are committed';

test.each(pictures)('the picture $name matches the screen', async (picture) => {
  const committed = readFileSync(`docs/pictures/${picture.name}.svg`, 'utf8');
  const drawn = await drawPicture(picture);
  expect(textIn(committed), hint).toBe(textIn(drawn));
  // Not shown as a difference: two drawings tell nobody anything.
  expect(committed === drawn, `the colours differ; ${hint}`).toBe(true);
});

test('every picture is in the README', () => {
  const readme = readFileSync('README.md', 'utf8');
  const shown = [...readme.matchAll(/\]\(docs\/pictures\/(\w+)\.svg\)/g)].map(([, name]) => name);
  expect(shown).toEqual(pictures.map(({ name }) => name));
});
