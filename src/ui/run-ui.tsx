import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { devNull } from 'node:os';
import { render } from 'ink';
import { type Diagnostic, logFiles, type RunSource, type TaskId } from '../engine/index.ts';
import { App } from './app.tsx';
import { chooseTheme, type ScreenSetup } from './config/choose-theme.ts';
import { takeKeys } from './keys/take-keys.ts';
import { paneMeasure } from './panes/registry.ts';
import { createScreenStack } from './store/screen-stack.ts';
import { enterScreen, type Screen } from './terminal/alternate-screen.ts';
import { installCompositor } from './terminal/span-compositor.ts';

export type UiOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly setup: ScreenSetup;
  /** Aborted when the program received a signal to stop: the screen is left as soon as the run is over. */
  readonly stopping?: AbortSignal;
  /** Subscribes to warnings that are not events of the run. */
  readonly onWarning?: (listener: (warning: Diagnostic) => void) => void;
  /** Aborted when something else is to be shown: the screen is left as soon as the run is over, which is not cancelled for it. */
  readonly next?: AbortSignal;
  /** The screen that was left open for this run. */
  readonly kept?: KeptScreen;
  /** Subscribes to short texts for whoever looks at the screen. */
  readonly onNote?: (listener: (text: string) => void) => void;
  /** Is given what rings the bell of the terminal. */
  readonly onBell?: (ring: () => void) => void;
};

/** A screen that still shows the last picture of a run, and takes no keys. Whoever has it shows another run on it, or leaves it. */
export type KeptScreen = { readonly screen: Screen; readonly mouse: boolean };

/**
 * Why the screen was left. `interrupt` = by Ctrl+C; `plain` = the run goes on, and its events are to be printed as lines;
 * `next` = something else is to be shown, on the screen that was kept for it.
 */
export type UiEnd = {
  readonly how: 'quit' | 'interrupt' | 'plain' | 'next';
  readonly error?: Error;
  readonly kept?: KeptScreen;
};

/** Shows a run on the whole screen until the user leaves it, then restores the terminal, unless something else is to be shown. */
export async function runUi(source: RunSource, options: UiOptions): Promise<UiEnd> {
  const { env, setup, stopping } = options;
  installCompositor(env);
  const { stdin, stdout, stderr } = process;
  const screen = options.kept?.screen ?? enterScreen({ stdin, stdout, stderr, fatalSignals: ['SIGQUIT'] });
  const { config, mistake } = setup;
  const theme = chooseTheme(setup, env);
  if (config !== undefined) takeKeys(config.keys);
  let end: (end: UiEnd) => void = () => {};
  const ended = new Promise<UiEnd>((resolve) => {
    end = resolve;
  });
  const hostOf = ({ logPath }: RunSource) => ({
    leave: (how: UiEnd['how']) => end({ how }),
    copy: screen.copy,
    suspend: screen.suspend,
    repaint: screen.repaint,
    setMouse: screen.setMouse,
    page: (task: TaskId, attempt: number) => {
      screen
        .lend(() => openPager(logFiles(logPath(task, attempt)), env))
        .catch((error: Error) => store.showMessage(`open: ${error.message}`, 'warn'));
    },
  });
  const { stdout: frames } = screen.inkOptions;
  const size = () => ({ columns: frames?.columns ?? 80, rows: frames?.rows ?? 24 });
  const store = createScreenStack(source, hostOf, paneMeasure(theme), size());
  if (options.kept?.mouse ?? config?.screen.mouse === true)
    store.update((view) => ({ screen: { ...view.screen, mouse: true }, commands: [{ type: 'mouse', on: true }] }));
  if (mistake !== undefined) store.showMessage(mistake, 'warn');
  const resized = () => store.resize(size().columns, size().rows);
  frames?.on('resize', resized);
  stopping?.addEventListener('abort', () => store.leaveWhenOver('interrupt'));
  options.next?.addEventListener('abort', () => whenOver(source, () => end({ how: 'next' })));
  options.onNote?.((text) => store.showMessage(text));
  options.onBell?.(screen.ring);
  options.onWarning?.(({ message }) => store.showMessage(message, 'warn'));
  const ink = render(<App store={store} theme={theme} />, screen.inkOptions);
  // When the screen fails, the run goes on with plain output.
  ink.waitUntilExit().catch((error: Error) => end({ how: 'plain', error }));
  // While nobody read keys, the terminal has echoed them.
  if (options.kept !== undefined) screen.repaint();
  const result = await ended;
  const { mouse } = store.frame().screen;
  frames?.off('resize', resized);
  store.close();
  ink.unmount();
  if (result.how === 'next') return { ...result, kept: { screen, mouse } };
  screen.leave();
  return result;
}

function whenOver(source: RunSource, then: () => void): void {
  if (source.state().phase.kind === 'finished') then();
  else source.subscribe((event) => event.type === 'run.finished' && then());
}

/** An attempt that has printed nothing has no file; the pager is then given an empty one. */
async function openPager(paths: readonly string[], env: UiOptions['env']): Promise<void> {
  const pager = env['PAGER'] || 'less';
  const existing = paths.filter((path) => existsSync(path));
  const files = existing.length > 0 ? existing : [devNull];
  const child = spawn('sh', ['-c', `${pager} "$@"`, 'sh', ...files], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code === 127) throw new Error(`${pager} is not installed`);
}
