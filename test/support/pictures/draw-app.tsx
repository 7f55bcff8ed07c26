import { EventEmitter } from 'node:events';
import xterm from '@xterm/headless';
import { render } from 'ink';
import type { RunSource } from '../../../src/engine/index.ts';
import { App } from '../../../src/ui/app.tsx';
import { paneMeasure } from '../../../src/ui/panes/registry.ts';
import type { ScreenHost } from '../../../src/ui/store/command-performer.ts';
import { createScreenStore, type ScreenStore } from '../../../src/ui/store/screen-store.ts';
import type { Theme } from '../../../src/ui/theme.ts';

/** The screen as users see it, drawn by a terminal emulator that nobody looks at. */
export type DrawnApp = {
  readonly store: ScreenStore;
  /** Waits until the screen is as it should be; what the terminal shows then. */
  draw(isReady: (text: string) => boolean): Promise<xterm.Terminal>;
  close(): void;
};

const patienceMs = 20_000;

export function drawApp(source: RunSource, columns: number, rows: number, theme: Theme): DrawnApp {
  const store = createScreenStore(source, noHost, paneMeasure(theme), { columns, rows });
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  const output = new FrameCatcher(columns, rows);
  const ink = render(<App store={store} theme={theme} />, {
    stdin: new Keyboard() as unknown as NodeJS.ReadStream,
    stdout: output as unknown as NodeJS.WriteStream,
    // Hands over whole frames, as in the program.
    debug: true,
    patchConsole: false,
    exitOnCtrlC: false,
  });
  return {
    store,
    draw: async (isReady) => {
      // What was on the screen until now may be of a moment before.
      await nextFrame(store);
      for (const deadline = Date.now() + patienceMs; !isReady(textOf(terminal)); ) {
        if (Date.now() > deadline) throw new Error(`the screen never became what it should be:\n${textOf(terminal)}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        await new Promise<void>((resolve) => terminal.write(`\x1b[2J\x1b[H${output.frame}`, resolve));
      }
      return terminal;
    },
    close: () => {
      store.close();
      ink.unmount();
      terminal.dispose();
    },
  };
}

async function nextFrame(store: ScreenStore): Promise<void> {
  let unsubscribe = () => {};
  await new Promise<void>((resolve) => {
    unsubscribe = store.subscribe(resolve);
    store.update(({ screen }) => ({ screen }));
  });
  unsubscribe();
}

function textOf(terminal: xterm.Terminal): string {
  const { active } = terminal.buffer;
  return Array.from({ length: terminal.rows }, (_, row) => active.getLine(row)?.translateToString(true) ?? '').join(
    '\n',
  );
}

class FrameCatcher extends EventEmitter {
  readonly isTTY = true;
  readonly columns: number;
  readonly rows: number;
  frame = '';

  constructor(columns: number, rows: number) {
    super();
    this.setMaxListeners(0);
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): boolean {
    if (text.includes('\n')) this.frame = text;
    return true;
  }
}

/** Nobody types. */
class Keyboard extends EventEmitter {
  readonly isTTY = true;
  setEncoding(): void {}
  setRawMode(): void {}
  ref(): void {}
  unref(): void {}
  read(): null {
    return null;
  }
}

const noHost: ScreenHost = {
  leave: () => {},
  copy: () => {},
  page: () => {},
  show: () => {},
  suspend: () => {},
  repaint: () => {},
  setMouse: () => {},
};
