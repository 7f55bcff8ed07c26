import type { RenderOptions } from 'ink';
import { FrameWriter } from './frame-writer.ts';
import { holdOutput, type Release } from './held-output.ts';
import { controlJob } from './job-control.ts';
import { lendInput } from './lend-input.ts';
import { surviveHangUp } from './survive-hang-up.ts';
import { stopBlocking, TerminalOutput, type TerminalStream } from './terminal-output.ts';

export type ScreenOptions = {
  readonly stdin: NodeJS.ReadStream & { readonly fd: number };
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
  /** Signals that nobody else handles: the screen is left, and the process dies of them as it would have. */
  readonly fatalSignals: readonly NodeJS.Signals[];
};

/** The terminal while the UI has it. */
export type Screen = {
  /** How Ink is to be started. */
  readonly inkOptions: RenderOptions;
  /** Draws everything again; for Ctrl-L. */
  repaint(): void;
  /** For Ctrl-Z; returns when the process goes on. */
  suspend(): void;
  /** Gives terminal and keyboard to another program until `use` is done. */
  lend<T>(use: () => Promise<T>): Promise<T>;
  /** With the mouse on, the terminal reports clicks and the wheel, and no longer selects text. */
  setMouse(isOn: boolean): void;
  /** Into the clipboard, as far as the terminal allows (OSC 52). */
  copy(text: string): void;
  /** Puts the terminal back as it was found. Whatever is printed from then on is printed below what was there before. */
  leave(): void;
};

// Alternate buffer, no cursor, no wrapping at the edge, the wheel as arrow keys, pasted text told from typed keys.
const enterModes = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?1007h\x1b[?2004h\x1b[2J\x1b[H';
const mouseOn = '\x1b[?1000h\x1b[?1002h\x1b[?1006h';
const mouseOff = '\x1b[?1006l\x1b[?1002l\x1b[?1000l';
const leaveModes = `\x1b[?2026l${mouseOff}\x1b[?1007l\x1b[?2004l\x1b[?7h\x1b[0m\x1b[?25h\x1b[?1049l`;

// A terminal that takes nothing for so long is left as it is: the way out must not hang.
const patienceMs = 250;

/**
 * Takes the terminal, until `leave` or the end of the process, whichever way it ends: `process.exit`, an error nobody
 * caught, a signal. What else is written meanwhile is held back and comes out afterwards.
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
    // First the mode: in the background this stops us, before anything is drawn over the shell.
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
      // Should the terminal come to life, it is put right before anything is printed there.
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
      // Hands over whole frames.
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
    leave,
  };
}
