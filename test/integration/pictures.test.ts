import { readdirSync, readFileSync, statSync } from 'node:fs';
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

const pages = ['README.md', 'docs/screen.md', 'docs/configuration.md'];

test('every picture is shown on a page, with words for whoever does not see it', () => {
  const shown = pages.flatMap((name) =>
    [...readFileSync(name, 'utf8').matchAll(/!\[([^\]]+)\]\((?:docs\/)?pictures\/([\w-]+)\.svg\)/g)].map(
      ([, , picture]) => picture,
    ),
  );
  expect([...new Set(shown)].sort()).toEqual(pictures.map(({ name }) => name).sort());
});

test('the pictures are small enough to be looked at on the way', () => {
  const sizes = readdirSync('docs/pictures').map((name) => statSync(`docs/pictures/${name}`).size);
  expect(Math.max(...sizes)).toBeLessThan(150_000);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_500_000);
});
