import type { ScreenConfig, ThemeName } from '../../engine/index.ts';
import type { PaletteName } from '../palettes.ts';
import type { Capabilities } from '../terminal/capabilities.ts';
import { createTheme, type Theme } from '../theme.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What is known before the first frame: the terminal, and what its user has chosen. */
export type ScreenSetup = Capabilities & {
  readonly config?: ScreenConfig;
  /** Why the configuration does not count, in one line. */
  readonly mistake?: string;
};

export function chooseTheme({ colourLevel: depth, unicode, config }: ScreenSetup, env: Env): Theme {
  return createTheme({
    colour: depth > 0,
    unicode: unicode && config?.screen.ascii !== true,
    depth,
    palette: choosePalette(config?.theme ?? 'auto', env),
    ...(config === undefined ? {} : { colours: config.colours }),
  });
}

/**
 * Some terminals tell their background in COLORFGBG, as the last of two or three numbers. Where nothing is told, the colours
 * of the terminal are taken: no terminal is asked, because one that does not answer would have to be waited for.
 */
export function choosePalette(theme: ThemeName, env: Env): PaletteName {
  if (theme !== 'auto') return theme;
  const [, background] = /;(\d+)$/.exec(env['COLORFGBG'] ?? '') ?? [];
  if (background === undefined || Number(background) > 15) return 'terminal';
  return background === '7' || Number(background) > 8 ? 'light' : 'dark';
}
