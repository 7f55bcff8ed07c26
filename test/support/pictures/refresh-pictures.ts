import type { Picture } from './picture.ts';

const command = 'etl-tui run etl/config/pipeline_dag.yaml';

/** Pictures of the refresh of the NFL data. */
export const refreshPictures: readonly Picture[] = [
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
  {
    name: 'charts',
    title: 'CPU, memory and connections of a run',
    description: 'A terminal. Three charts over the time of the run, with the limit of each as a dotted line.',
    command,
    recording: 'refresh',
    moment: { after: 'run.finished', seconds: 0 },
    columns: 120,
    rows: 16,
    keys: ['3', 'z'],
    shows: 'CPU',
  },
  {
    name: 'light',
    title: 'The screen in the light theme',
    description:
      'A terminal with a white background: the tasks by level with their states, CPU, memory and connections, the output of the selected task and the timeline, in colours that are readable on white.',
    command,
    recording: 'refresh',
    moment: { after: 'task.started', task: 'play_classification', seconds: 1.2 },
    columns: 120,
    rows: 30,
    keys: ['Home', ...times(5, 'j'), 'Enter', 'j'],
    isLight: true,
    shows: 'season 2023',
  },
];

function times(count: number, key: string): readonly string[] {
  return Array.from({ length: count }, () => key);
}
