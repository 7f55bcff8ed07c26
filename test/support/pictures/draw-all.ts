// Draws the pictures of README.md and docs/screen.md into the directory that is named.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawPicture, pictures } from './pictures.ts';

const [directory = ''] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
for (const picture of pictures) {
  const path = join(directory, `${picture.name}.svg`);
  writeFileSync(path, await drawPicture(picture));
  process.stdout.write(`${path}\n`);
}
