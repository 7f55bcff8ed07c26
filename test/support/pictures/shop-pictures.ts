import type { Picture } from './picture.ts';

const live = {
  command: 'etl-tui run pipeline.yaml',
  recording: 'shop',
  // The rates have failed, and wait.
  moment: { after: 'task.backing-off', task: 'rates', seconds: 3.2 },
  columns: 120,
  rows: 18,
} as const;
const ended = { ...live, moment: { after: 'run.finished', seconds: 0 } } as const;
const half = { ...live, moment: { after: 'task.started', task: 'load_orders', seconds: 1.5 } } as const;

/** Pictures of a small pipeline, one for each pane. */
export const shopPictures: readonly Picture[] = [
  {
    ...live,
    name: 'tasks',
    title: 'The tasks of a run, by level',
    description:
      'A terminal. Tasks by level, with their signs: some have succeeded, some run with progress, rates waits for its second attempt, orders shows its three regions, the others wait and say for what.',
    keys: ['1', 'U', 'z', 'Home', 'j', 'j'],
    shows: '›├─ ↻ rates',
  },
  {
    ...live,
    moment: { after: 'task.started', task: 'load_customers', seconds: 0.4 },
    name: 'log',
    title: 'The output of a task',
    description: 'A terminal. What a task has printed, in its colours; a warning is yellow.',
    keys: ['/', ...'north', 'Enter', 'Home', 'j', 'j', '2', 'z'],
    shows: 'warning',
    rows: 15,
  },
  {
    ...half,
    name: 'log-times',
    title: 'The output of a task, with times',
    description: 'A terminal. The first attempt of rates: when each line came, and err before those on standard error.',
    keys: ['/', ...'rates', 'Enter', 'Home', 'j', '2', 'z', 't', 'i'],
    shows: 'err GET',
    rows: 15,
  },
  {
    ...half,
    name: 'log-all',
    title: 'The output of all tasks by time',
    description: 'A terminal. Lines of several tasks in one log, each behind the name of its task.',
    keys: ['2', 'z', '*'],
    shows: 'rates#2',
  },
  {
    ...ended,
    name: 'checks',
    title: 'A check that failed, with what it found',
    description:
      'A terminal. Three checks, of which customers_of_orders has failed; below, what it expects and what it found.',
    keys: ['5', 'z', 'e'],
    shows: '›≠ failed',
    rows: 15,
  },
  {
    ...ended,
    name: 'history',
    title: 'The last runs of the pipeline',
    description:
      'A terminal. The last five runs with outcome and duration, one of them failed, and how long tasks usually take.',
    keys: ['6', 'z'],
    shows: 'median of',
    columns: 150,
    rows: 15,
  },
  {
    ...ended,
    name: 'compare',
    title: 'Two runs side by side',
    description: 'A terminal. The run beside the one before: how long each task took in both, and what has changed.',
    keys: ['6', 'z', 'c'],
    shows: 'against',
    columns: 150,
    rows: 15,
  },
  {
    ...live,
    name: 'detail',
    title: 'All about one task',
    description: 'A terminal. The detail of rates: its command, dependencies, attempts, and when the next one begins.',
    keys: ['/', ...'rates', 'Enter', 'Home', 'j', 'd', 'Tab', 'z'],
    shows: 'attempts',
    rows: 18,
  },
  {
    ...live,
    name: 'limits',
    title: 'What limits the run',
    description:
      'A terminal. Slots, CPU, memory, disks and pools, each with what is used and what may be used; below, what blocks tasks now.',
    keys: ['L', 'z'],
    shows: 'blocking',
    rows: 15,
  },
  {
    ...live,
    name: 'graph',
    title: 'What a task waits for, and what waits for it',
    description:
      'A terminal. Above load_orders the three regions of orders, below it revenue and segments, with states and lines between them.',
    keys: ['/', ...'load_orders', 'Enter', 'Home', 'j', 'g', 'l', 'z'],
    shows: 'all of it',
  },
  {
    ...live,
    name: 'help',
    title: 'All keys and signs',
    description: 'A terminal. The help: all keys by section with what they do.',
    keys: ['?'],
    shows: 'Signs of checks',
    columns: 160,
    rows: 63,
  },
  {
    ...half,
    name: 'replay',
    title: 'A replay of a run',
    description:
      'A terminal. The first row says REPLAY and how fast; the last one how far it has come. Tasks, charts and log are as in the run.',
    command: 'etl-tui replay latest',
    isReplay: true,
    keys: [],
    shows: 'part 2 of 4',
    columns: 120,
    rows: 32,
  },
];
