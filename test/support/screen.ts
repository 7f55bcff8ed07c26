import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { constants as system } from 'node:os';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { type Cell, readCell } from './screen-cell.ts';
import { type Key, keySequence } from './screen-keys.ts';
import { createScreenShell, type ScreenShell } from './screen-shell.ts';

export type ScreenOptions = {
  readonly columns?: number;
  readonly rows?: number;
  readonly cwd?: string;
  /** Added to ours; undefined takes a variable away. CI and NO_COLOR are gone unless they are named here. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whether the rows that somebody would see at this moment belong together; judged whenever bytes have arrived. */
  readonly isWhole?: (rows: readonly string[]) => boolean;
};

type ExpectedText = string | RegExp | ((screen: TerminalScreen) => boolean);

const timeoutMs = 60_000;
const pollMs = 10;

/** Starts a program in a terminal of its own: a real pseudo-terminal, drawn by a real terminal emulator. */
export function openScreen(file: string, args: readonly string[] = [], options: ScreenOptions = {}): TerminalScreen {
  return new TerminalScreen(file, args, options);
}

export class TerminalScreen {
  /** How often the rows did not belong together. */
  tornScreens = 0;
  /** Everything the program has sent. */
  sent = '';
  readonly #pty: IPty;
  readonly #shell: ScreenShell;
  readonly #line: number;
  readonly #terminal: xterm.Terminal;
  readonly #closed: Promise<unknown>;
  #columns: number;
  #isHungUp = false;

  constructor(file: string, args: readonly string[], options: ScreenOptions) {
    const { columns: cols = 80, rows = 24 } = options;
    this.#columns = cols;
    this.#terminal = new xterm.Terminal({ cols, rows, allowProposedApi: true, scrollback: 2_000 });
    const cwd = options.cwd ?? process.cwd();
    this.#shell = createScreenShell(file, args);
    this.#pty = spawn('sh', [...this.#shell.argv], {
      cols,
      rows,
      cwd,
      name: 'xterm-256color',
      env: environment(options.env ?? {}),
    });
    const { ptsName } = this.#pty as unknown as { readonly ptsName: string };
    this.#line = openSync(ptsName, constants.O_RDWR | constants.O_NOCTTY);
    this.#pty.onData((data) => {
      this.sent += data;
      this.#terminal.write(data, () => {
        if (options.isWhole?.(this.rows()) === false) this.tornScreens += 1;
      });
    });
    this.#closed = new Promise((resolve) => this.#pty.onExit(resolve));
  }

  /** Of the program; undefined until it is started. */
  get pid(): number | undefined {
    const pid = this.#shell.note('pid');
    return pid === undefined ? undefined : Number(pid);
  }

  /** As a shell has it: 128 and the number of the signal, when the program died of one. */
  get exitCode(): number | undefined {
    const code = this.#shell.note('code');
    return code === undefined ? undefined : Number(code);
  }

  /** The buffer the program draws in; `alternate` is the one that full screens use. */
  get buffer(): 'normal' | 'alternate' {
    return this.#terminal.buffer.active.type;
  }

  get cursorIsVisible(): boolean {
    // Not in the public interface of the emulator.
    const { _core: core } = this.#terminal as unknown as { readonly _core: Core };
    return !core.coreService.isCursorHidden;
  }

  get modes(): xterm.IModes {
    return this.#terminal.modes;
  }

  /** What is on the screen, without blanks at the ends of the rows. */
  rows(): readonly string[] {
    const { buffer, rows } = this.#terminal;
    return Array.from(
      { length: rows },
      // The emulator keeps what was right of a terminal that has become narrower, and is two columns wide at least.
      (_, row) => buffer.active.getLine(buffer.active.viewportY + row)?.translateToString(true, 0, this.#columns) ?? '',
    );
  }

  text(): string {
    return this.rows().join('\n');
  }

  /** Everything of the present buffer, what has scrolled away included. */
  history(): string {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '')
      .join('\n')
      .trimEnd();
  }

  /** Row and column count from 0. */
  cell(row: number, column: number): Cell {
    const { active } = this.#terminal.buffer;
    const cell = active.getLine(active.viewportY + row)?.getCell(column);
    if (cell === undefined) throw new Error(`the screen has no cell ${row}, ${column}`);
    return readCell(cell);
  }

  /** Types text as it is, or presses one of the named keys. */
  press(...pressed: readonly (Key | (string & {}))[]): void {
    for (const key of pressed) this.#pty.write(keySequence(key));
  }

  /** Somebody else draws on the same terminal. */
  drawOver(text: string): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(text, resolve));
  }

  /** Either of them 0 is what terminals say that do not know their size. */
  resize(columns: number, rows: number): void {
    if (columns > 0 && rows > 0) this.#pty.resize(columns, rows);
    else this.#stty('cols', String(columns), 'rows', String(rows));
    // The emulator has no such small sizes.
    this.#terminal.resize(Math.max(2, columns), Math.max(1, rows));
    this.#columns = columns;
  }

  /** The terminal reads nothing any more, as one that is stopped or whose connection hangs. */
  stall(): void {
    this.#pty.pause();
  }

  unstall(): void {
    this.#pty.resume();
  }

  /** The window is closed; the shell, as shells do, tells the program. */
  hangUp(): void {
    this.#isHungUp = true;
    closeSync(this.#line);
    (this.#pty as unknown as { destroy(): void }).destroy();
    this.kill('SIGHUP');
  }

  /**
   * Waits until a whole frame shows it: in the middle of one, rows of it would be looked at beside rows of the frame before.
   * What is looked at right after this belongs to the same frame.
   */
  async waitFor(sought: ExpectedText): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (this.modes.synchronizedOutputMode || !this.#shows(sought)) {
      if (Date.now() > deadline) throw new Error(`never on the screen: ${String(sought)}\n${this.#description()}`);
      if (this.exitCode !== undefined) {
        await this.#everythingDrawn();
        if (this.#shows(sought)) return;
        throw new Error(`the program ended without showing ${String(sought)}\n${this.#description()}`);
      }
      await pause();
    }
  }

  /** Waits until the program is gone and everything it has sent is drawn; the exit code. */
  async waitForExit(): Promise<number> {
    const deadline = Date.now() + timeoutMs;
    while (this.exitCode === undefined) {
      if (Date.now() > deadline) throw new Error(`the program never ended\n${this.#description()}`);
      await pause();
    }
    await this.#everythingDrawn();
    return this.exitCode;
  }

  /** How the program has ended, with everything that it sent. */
  async ended(): Promise<{
    readonly code: number | null;
    readonly signal?: string;
    readonly out: string;
    readonly err: string;
  }> {
    const code = await this.waitForExit();
    const how = code === 128 + system.signals.SIGKILL ? { code: null, signal: 'SIGKILL' } : { code };
    return { ...how, out: this.sent, err: '' };
  }

  kill(signal: NodeJS.Signals): void {
    const { pid } = this;
    if (pid === undefined) throw new Error('the program is not started yet');
    process.kill(pid, signal);
  }

  /** What `stty -a` lists as on, of the terminal as it is now or as the program left it. */
  lineModes(): ReadonlySet<string> {
    const words = (this.#shell.note('modes') ?? this.#stty('-a')).split(/[\s;]+/);
    return new Set(words.filter((word) => /^[a-z]+$/.test(word)));
  }

  /** Kills what still runs. */
  async close(): Promise<void> {
    if (this.exitCode === undefined) {
      this.#killAll();
      if (!this.#isHungUp) this.#pty.resume();
    }
    if (!this.#isHungUp) {
      closeSync(this.#line);
      await this.#closed;
    }
    this.#terminal.dispose();
    this.#shell.remove();
  }

  #killAll(): void {
    const { pid } = this;
    for (const one of [pid, this.#pty.pid]) {
      try {
        if (one !== undefined) process.kill(one, 'SIGKILL');
      } catch {
        // It is gone already.
      }
    }
  }

  #shows(sought: ExpectedText): boolean {
    if (typeof sought === 'function') return sought(this);
    return typeof sought === 'string' ? this.text().includes(sought) : sought.test(this.text());
  }

  #description(): string {
    const end = this.exitCode === undefined ? 'still running' : `exit code ${this.exitCode}`;
    return `${this.buffer} buffer, ${end}\n${this.text().trimEnd()}`;
  }

  async #everythingDrawn(): Promise<void> {
    if (this.#isHungUp) return;
    await this.#closed;
    await new Promise<void>((resolve) => this.#terminal.write('', resolve));
  }

  #stty(...args: readonly string[]): string {
    const { stdout, stderr, status } = spawnSync('stty', args, {
      stdio: [this.#line, 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`stty ${args.join(' ')}: ${stderr}`);
    return stdout;
  }
}

type Core = { readonly coreService: { readonly isCursorHidden: boolean } };

function environment(changes: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const {
    CI: _ci,
    CONTINUOUS_INTEGRATION: _integration,
    NO_COLOR: _colour,
    FORCE_COLOR: _forced,
    ...env
  } = process.env;
  // What a developer has chosen for screens is nothing for tests.
  const all = Object.entries({ ...env, ETL_TUI_CONFIG: '/dev/null', ...changes });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, pollMs));
}
