import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pressKey } from '../../../src/ui/keys/press-key.ts';
import { createTheme, type Theme } from '../../../src/ui/theme.ts';
import { drawApp } from './draw-app.tsx';
import { drawSvg } from './draw-svg.ts';
import { type WindowPalette, windows } from './palette.ts';
import type { Picture, recordings } from './picture.ts';
import { openRecordedRun } from './recorded-run.ts';
import { refreshPictures } from './refresh-pictures.ts';
import { screenCells } from './screen-cells.ts';
import { shopPictures } from './shop-pictures.ts';

export function recordingPath(name: keyof typeof recordings): string {
  return join('test/support/pictures/recordings', name);
}

export const pictures: readonly Picture[] = [...refreshPictures, ...shopPictures];

/** The picture, drawn anew: an SVG. */
export async function drawPicture(picture: Picture): Promise<string> {
  const scratch = mkdtempSync(join(tmpdir(), 'etl-tui-picture-'));
  const recorded = await openRecordedRun(recordingPath(picture.recording), picture, scratch);
  const { theme, window } = lookOf(picture.isLight === true);
  const app = drawApp(recorded.source, picture.columns, picture.rows, theme);
  try {
    await recorded.play();
    for (const key of picture.keys) app.store.update((view) => pressKey(view, key));
    // Beside a pane that has the whole screen there is no other.
    const isZoomed = (text: string) => !text.includes('╭ 1 Tasks');
    const isReady = (text: string) => text.includes(picture.shows) && (!picture.keys.includes('z') || isZoomed(text));
    return drawSvg(screenCells(await app.draw(isReady), window), picture, window);
  } finally {
    app.close();
    recorded.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** How a screen is drawn, and the window around it. */
export function lookOf(isLight: boolean): { readonly theme: Theme; readonly window: WindowPalette } {
  return isLight
    ? { theme: createTheme({ colour: true, unicode: true, depth: 3, palette: 'light' }), window: windows.light }
    : { theme: createTheme({ colour: true, unicode: true }), window: windows.dark };
}
