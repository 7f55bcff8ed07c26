import type { PictureTexts } from './draw-svg.ts';
import type { Moment } from './recorded-run.ts';

/** What a picture shows: a moment of a recorded run, on a screen on which some keys were pressed. */
export type Picture = PictureTexts & {
  /** The name of its file. */
  readonly name: string;
  readonly recording: keyof typeof recordings;
  readonly moment: Moment;
  readonly columns: number;
  readonly rows: number;
  readonly keys: readonly string[];
  /** In the light theme on white, instead of the colours of a dark terminal. */
  readonly isLight?: true;
  /** It is shown as a replay. */
  readonly isReplay?: true;
  /** What has come onto the screen when it is complete. */
  readonly shows: string;
};

/** The recorded runs: refreshes, with what the sample sources get wrong during them, and runs of the small pipeline, with their surroundings. */
export const recordings = {
  refresh: { fault: undefined },
  /** In the middle of its season the source of odds has had enough, and says for how long. */
  limited: { fault: '429:date=2023-12:1:90' },
  shop: {
    runs: [
      { SHOP_PACE: '60' },
      { SHOP_PACE: '80', SHOP_BROKEN: 'segments' },
      { SHOP_PACE: '70' },
      { SHOP_PACE: '60' },
      { SHOP_LOST: '12' },
    ],
  },
} as const;
