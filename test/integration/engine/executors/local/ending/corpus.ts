import { markName } from '../leftover-processes.ts';

/** A way of a task to be hard to end. */
export type HardTask = {
  readonly name: string;
  readonly script: string;
  /** How many living processes it must have, its own shell included, before it is ended. */
  readonly processes: number;
  /** How it ends when it is terminated with a grace. */
  readonly exit: 'SIGTERM' | 'SIGKILL';
};

/** Everything here waits to be ended; the marked processes are counted by the environment, or by their command line. */
export const corpus: readonly HardTask[] = [
  { name: 'a pipeline', script: 'sleep 300 | cat', processes: 3, exit: 'SIGTERM' },
  {
    name: 'a shell and a child that ignore SIGTERM',
    script: `trap '' TERM; sleep 300; :`,
    processes: 2,
    exit: 'SIGKILL',
  },
  {
    name: 'a child that ignores SIGTERM, below a shell that does not',
    script: `(trap '' TERM; sleep 300; :) | cat`,
    processes: 4,
    exit: 'SIGTERM',
  },
  {
    name: 'a child in a session of its own that is waited for',
    script: 'setsid -w sleep 300; :',
    processes: 2,
    exit: 'SIGTERM',
  },
  {
    name: 'a child in a session of its own that holds the output',
    script: 'setsid sleep 300 & sleep 300; :',
    processes: 3,
    exit: 'SIGTERM',
  },
  { name: 'a child in the background', script: 'sleep 300 & sleep 300; :', processes: 3, exit: 'SIGTERM' },
  {
    name: 'a daemon that has closed everything',
    script: 'setsid sleep 300 >/dev/null 2>&1 </dev/null & sleep 300; :',
    processes: 3,
    exit: 'SIGTERM',
  },
  {
    name: 'eight deaf daemons that start processes all the time',
    script: `for n in 1 2 3 4 5 6 7 8; do
      setsid bash -c "trap '' TERM; while :; do sleep 0.05; done" >/dev/null 2>&1 &
    done; sleep 300; :`,
    // The shell and its sleep, and the daemons; what these start lives too short to be counted on.
    processes: 10,
    exit: 'SIGTERM',
  },
  { name: 'a stopped task', script: 'sleep 300 & kill -STOP $$; sleep 300', processes: 2, exit: 'SIGTERM' },
];

/** What only a PID namespace can end: nothing of the task is in its environment, its output, its group or its session. */
export const hiddenTask: HardTask = {
  name: 'a daemon that has hidden everything',
  script: `env -i setsid bash -c "trap '' TERM; while :; do sleep 0.05; done; : $${markName}" >/dev/null 2>&1 </dev/null &
    sleep 300; :`,
  processes: 3,
  exit: 'SIGTERM',
};
