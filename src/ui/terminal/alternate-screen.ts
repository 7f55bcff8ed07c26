import { setImmediate as turn } from 'node:timers/promises';
import type { ReadStream } from 'node:tty';
import type { RenderOptions } from 'ink';
import { FrameWriter } from './frame-writer.ts';
import { holdOutput, type Release } from './held-output.ts';
import { controlJob } from './job-control.ts';
import { surviveHangUp } from './survive-hang-up.ts';
import { stopBlocking, TerminalOutput, type TerminalStream } from './terminal-output.ts';

export type ScreenOptions = {
  readonly stdin: NodeJS.ReadStream & { readonly fd: number };
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
  /** Signals without another handler: the screen is left, then the signal ends the process as usual. */
  readonly fatalSignals: readonly NodeJS.Signals[];
};

/** The terminal while the screen is shown. */
export type Screen = {
  /** Options for Ink's `render`. */
  readonly inkOptions: RenderOptions;
  /** Draws everything again; for Ctrl-L. */
  repaint(): void;
  /** Stops the process (Ctrl-Z); returns when it is continued. */
  suspend(): void;
  /** Gives terminal and input to another program until `use` is done. */
  lend<T>(use: () => Promise<T>): Promise<T>;
  /** With the mouse on, the terminal reports clicks and the wheel, and no longer selects text. */
  setMouse(isOn: boolean): void;
  /** Copies to the clipboard, if the terminal allows it (OSC 52). */
  copy(text: string): void;
  /** Rings the bell of the terminal. */
  ring(): void;
  /** Restores the terminal; later output is printed below what was there before. */
  leave(): void;
};

// Alternate buffer, no cursor, no wrapping at the edge, the wheel as arrow keys, bracketed paste.
const enterModes = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?1007h\x1b[?2004h\x1b[2J\x1b[H';
const mouseOn = '\x1b[?1000h\x1b[?1002h\x1b[?1006h';
const mouseOff = '\x1b[?1006l\x1b[?1002l\x1b[?1000l';
const leaveModes = `\x1b[?2026l${mouseOff}\x1b[?1007l\x1b[?2004l\x1b[?7h\x1b[0m\x1b[?25h\x1b[?1049l`;

// When the terminal accepts no output for so long, it is left as it is, so that the program can exit.
const patienceMs = 250;

/**
 * Takes over the terminal until `leave` or the end of the process, however it ends: `process.exit`, an uncaught error, a
 * signal. Other output is held back meanwhile and printed afterwards.
 */
export function enterScreen(options: ScreenOptions): Screen {
  const { stdin, stdout, stderr, fatalSignals } = options;
  surviveHangUp([stdin, stdout, stderr]);
  if (stderr.isTTY) stopBlocking(stderr);
  const terminal = new TerminalOutput(stdout);
  const frames = new FrameWriter(stdout, terminal);
  let release: Release | undefined;
  let isOurs = true;
  let isLeft = false;
  let isRaw = false;
  let modes = enterModes;

  const comeBack = (): void => {
    if (release !== undefined || !isOurs) return;
    // Raw mode first: a background job is stopped by it, before anything is drawn over the shell.
    if (isRaw) stdin.setRawMode(true);
    terminal.write(modes);
    release = holdOutput([stdout, stderr].filter((stream) => stream.isTTY));
    frames.resume();
  };
  const standAside = (): void => {
    if (release === undefined) return;
    frames.pause();
    const left = terminal.finish(leaveModes, patienceMs);
    isRaw = stdin.isRaw;
    if (isRaw) stdin.setRawMode(false);
    const giveBack = release;
    release = undefined;
    giveBack(() => {
      // If the terminal accepts output again, it is restored before anything else is printed.
      if (left !== '') stdout.write(left);
    });
  };

  const job = controlJob(standAside, comeBack);
  const leave = (): void => {
    standAside();
    isOurs = false;
    isLeft = true;
    frames.close();
    job.end();
    process.off('exit', leave);
    process.off('uncaughtExceptionMonitor', leave);
    for (const signal of fatalSignals) process.off(signal, die);
  };
  const die = (signal: NodeJS.Signals): void => {
    leave();
    process.kill(process.pid, signal);
  };
  process.on('exit', leave);
  process.on('uncaughtExceptionMonitor', leave);
  for (const signal of fatalSignals) process.on(signal, die);
  comeBack();

  return {
    inkOptions: {
      stdin,
      stdout: frames as unknown as NodeJS.WriteStream,
      // With `debug`, Ink writes whole frames.
      debug: true,
      patchConsole: false,
      exitOnCtrlC: false,
    },
    repaint: () => frames.repaint(),
    suspend: job.stopJob,
    lend: async (use) => {
      standAside();
      isOurs = false;
      try {
        return await lendInput(stdin, use);
      } finally {
        isOurs = !isLeft;
        comeBack();
      }
    },
    setMouse: (isOn) => {
      modes = isOn ? enterModes + mouseOn : enterModes;
      frames.control(isOn ? mouseOn : mouseOff);
    },
    copy: (text) => frames.control(`\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`),
    ring: () => frames.control('\x07'),
    leave,
  };
}

/** Stops reading input until `use` is done: of two readers each would get every second key. */
async function lendInput<T>(stdin: ReadStream, use: () => Promise<T>): Promise<T> {
  const readers = stdin.listeners('readable') as (() => void)[];
  stdin.removeAllListeners('readable');
  // A stream stops reading only two turns of the event loop after it has lost its listeners.
  await turn();
  stdin.pause();
  await turn();
  try {
    return await use();
  } finally {
    for (const reader of readers) stdin.on('readable', reader);
  }
}
