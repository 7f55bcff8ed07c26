import { EventEmitter } from 'node:events';
import { paintedWidth } from './painted-width.ts';
import type { TerminalOutput, TerminalStream } from './terminal-output.ts';

const beginUpdate = '\x1b[?2026h';
const endUpdate = '\x1b[?2026l';
const showCursor = '\x1b[?25h';
const hideCursor = '\x1b[?25l';

/** Of a larger one only this part is used. */
const largestScreen = { columns: 1_000, rows: 500 } as const;

/**
 * The stream that Ink writes to: receives whole frames and sends only the rows that changed. Ink's own writer clears the
 * screen, and the user's scrollback, with every frame as high as the screen. A terminal that falls behind gets the newest
 * frame once it accepts output again, and none of those in between.
 */
export class FrameWriter extends EventEmitter {
  readonly isTTY = true;
  readonly #stream: TerminalStream;
  readonly #terminal: TerminalOutput;
  #frame = '';
  /** The rows on the terminal; undefined when they are unknown. */
  #shown: readonly string[] | undefined;
  #controls = '';
  #painting: NodeJS.Immediate | undefined;
  #isPaused = false;

  constructor(stream: TerminalStream, terminal: TerminalOutput) {
    super();
    // Every component that follows the size adds a listener.
    this.setMaxListeners(0);
    this.#stream = stream;
    this.#terminal = terminal;
    terminal.onIdle = () => this.#paint();
    stream.on('resize', this.#resized);
  }

  /** A terminal of unknown size reports 0, and some that are no screens report 65535. */
  get columns(): number {
    return Math.min(this.#stream.columns || 80, largestScreen.columns);
  }

  get rows(): number {
    return Math.min(this.#stream.rows || 24, largestScreen.rows);
  }

  /** The `write` of a stream. Ignores what is not a frame: Ink also shows and hides the cursor, and ends with an empty text. */
  write(frame: string, ...rest: readonly unknown[]): boolean {
    if (frame !== '' && frame !== showCursor && frame !== hideCursor) {
      this.#frame = frame;
      this.#paintSoon();
    }
    const done = rest.at(-1);
    if (typeof done === 'function') queueMicrotask(done as () => void);
    return true;
  }

  /** Sends an escape sequence between two frames. */
  control(sequence: string): void {
    this.#controls += sequence;
    this.#paintSoon();
  }

  /** Draws every row again, because another program may have drawn on the terminal. */
  repaint(): void {
    this.#shown = undefined;
    this.#paintSoon();
  }

  /** Nothing is drawn from now on; the newest frame is kept. */
  pause(): void {
    this.#isPaused = true;
    this.#controls = '';
    clearImmediate(this.#painting);
    this.#painting = undefined;
  }

  resume(): void {
    this.#isPaused = false;
    this.repaint();
  }

  close(): void {
    this.pause();
    this.#stream.off('resize', this.#resized);
  }

  readonly #resized = (): void => {
    this.repaint();
    this.emit('resize');
  };

  /** Not at once: changes within one turn of the event loop make one frame. */
  #paintSoon(): void {
    if (!this.#isPaused) this.#painting ??= setImmediate(() => this.#paint());
  }

  #paint(): void {
    this.#painting = undefined;
    if (this.#isPaused || this.#terminal.isBehind) return;
    const rows = this.#frame.split('\n').slice(0, this.rows);
    const changes = this.#controls + changedRows(rows, this.#shown, this.columns, this.rows);
    this.#controls = '';
    this.#shown = rows;
    if (changes !== '') this.#terminal.write(beginUpdate + changes + endUpdate);
  }
}

function changedRows(
  rows: readonly string[],
  shown: readonly string[] | undefined,
  columns: number,
  height: number,
): string {
  let changes = '';
  for (const [index, row] of rows.entries()) {
    if (row === shown?.[index]) continue;
    // A full row is not erased to its end: erasing from its last column would erase its last character.
    const rest = paintedWidth(row) < columns ? '\x1b[K' : '';
    changes += `\x1b[${index + 1};1H${row}\x1b[0m${rest}`;
  }
  const wasHigher = shown === undefined || shown.length > rows.length;
  return wasHigher && rows.length < height ? `${changes}\x1b[${rows.length + 1};1H\x1b[J` : changes;
}
