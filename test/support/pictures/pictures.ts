import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pressKey } from '../../../src/ui/keys/press-key.ts';
import { drawApp } from './draw-app.tsx';
import { drawSvg, type PictureTexts } from './draw-svg.ts';
import { type Moment, openRecordedRun } from './recorded-run.ts';
import { screenCells } from './screen-cells.ts';

/** What a picture shows: a moment of a recorded run, on a screen on which some keys were pressed. */
export type Picture = PictureTexts & {
  /** The name of its file. */
  readonly name: string;
  readonly recording: keyof typeof recordings;
  readonly moment: Moment;
  readonly columns: number;
  readonly rows: number;
  readonly keys: readonly string[];
  /** What has come onto the screen when it is complete. */
  readonly shows: string;
};

const command = 'etl-tui run etl/config/pipeline_dag.yaml';

/** The recorded runs, and what the sample sources got wrong during them. */
export const recordings = {
  refresh: undefined,
  /** In the middle of its season the source of odds has had enough, and says for how long. */
  limited: '429:date=2023-12:1:90',
} as const satisfies Record<string, string | undefined>;

export function recordingPath(name: keyof typeof recordings): string {
  return join('test/support/pictures/recordings', name);
}

export const pictures: readonly Picture[] = [
  {
    name: 'refresh',
    title: 'etl-tui half-way through the NFL refresh',
    description:
      'A terminal. Left: the tasks by level, those under way with progress, rows and time, those that wait with the reason; below them the timeline. Right: CPU, memory and connections, and the output of the selected task.',
    command,
    recording: 'refresh',
    moment: { after: 'task.started', task: 'play_classification', seconds: 1.2 },
    columns: 120,
    rows: 40,
    keys: ['Home', ...times(5, 'j'), 'Enter', 'j'],
    shows: 'season 2023',
  },
  {
    name: 'retry',
    title: 'A task that failed and waits for its next attempt',
    description:
      'A terminal. The task odds_history has failed with "too many requests"; its row counts down to the second of three attempts, and its output is below. The tasks that do not depend on it go on.',
    command,
    recording: 'limited',
    moment: { after: 'task.backing-off', task: 'odds_history', seconds: 4.3 },
    columns: 120,
    rows: 30,
    keys: ['Home', ...times(6, 'j'), 'w'],
    shows: 'too many requests',
  },
  {
    name: 'timeline',
    title: 'The timeline of a run',
    description:
      'A terminal. One bar per task along an axis of seconds, with how long each took; the tasks on the critical path are marked.',
    command,
    recording: 'refresh',
    moment: { after: 'run.finished', seconds: 0 },
    columns: 120,
    rows: 16,
    keys: ['4', 'z'],
    shows: 'critical path',
  },
];

/** The picture, drawn anew: an SVG. */
export async function drawPicture(picture: Picture): Promise<string> {
  const scratch = mkdtempSync(join(tmpdir(), 'etl-tui-picture-'));
  const recorded = await openRecordedRun(recordingPath(picture.recording), picture.moment, scratch);
  const app = drawApp(recorded.source, picture.columns, picture.rows);
  try {
    await recorded.play();
    for (const key of picture.keys) app.store.update((view) => pressKey(view, key));
    return drawSvg(screenCells(await app.draw((text) => text.includes(picture.shows))), picture);
  } finally {
    app.close();
    recorded.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function times(count: number, key: string): readonly string[] {
  return Array.from({ length: count }, () => key);
}
