import type { Intent, PastRunSource, RunId, RunSource, TaskId } from '../../engine/index.ts';
import type { Command } from './command.ts';
import type { Message } from './screen-state.ts';
import type { ScreenView } from './screen-view.ts';

/** What the screen can do to the terminal and the program around it. */
export type ScreenHost = {
  /** The run is over, or is left to the plain log. */
  leave(how: 'quit' | 'interrupt' | 'plain'): void;
  copy(text: string): void;
  page(task: TaskId, attempt: number): void;
  /** Shows a stored run until its screen is left; `again`: from its beginning, in place of the one that is shown. */
  show(past: PastRunSource, again: boolean): void;
  suspend(): void;
  repaint(): void;
  setMouse(on: boolean): void;
};

/** What the store does for a command. */
type StoreActions = {
  view(): ScreenView;
  showMessage(text: string, style?: Message['style']): void;
  leaveWhenOver(how: 'quit' | 'interrupt'): void;
};

/** Performs the actions of keys outside of the screen. */
export function createCommandPerformer(
  source: RunSource,
  host: ScreenHost,
  { view, showMessage, leaveWhenOver }: StoreActions,
): (command: Command) => void {
  return (command) => {
    switch (command.type) {
      case 'intend':
        intend(command.intents, command.verb, command.done);
        return;
      case 'kill':
        source.killNow();
        return;
      case 'leave':
        leaveWhenOver(command.how);
        return;
      case 'plain':
        host.leave('plain');
        return;
      case 'playback':
        play(command.do);
        return;
      case 'open-past':
        openPast(command.run, command.again === true);
        return;
      case 'copy':
        copy();
        return;
      case 'page': {
        const { logTask, log } = view();
        if (logTask !== undefined) host.page(logTask, log.attempt);
        return;
      }
      case 'suspend':
        host.suspend();
        return;
      case 'repaint':
        host.repaint();
        return;
      case 'mouse':
        host.setMouse(command.on);
        return;
    }
  };

  function intend(intents: readonly Intent[], verb: string, done: string | undefined): void {
    const refusals = intents.map((intent) => source.intend(intent)).filter((one) => one !== undefined);
    const [reason] = refusals;
    if (reason !== undefined && refusals.length === intents.length) showMessage(`${verb}: ${reason}`, 'warn');
    else if (done !== undefined) showMessage(done);
  }

  function play(what: 'pause' | 'resume' | 'faster' | 'slower'): void {
    const { playback } = source;
    if (what === 'pause') playback?.pause();
    else if (what === 'resume') playback?.resume();
    else playback?.setSpeed(playback.position().speed * (what === 'faster' ? 2 : 0.5));
  }

  function openPast(run: RunId, again: boolean): void {
    source.openPast(run).then(
      (opened) => {
        if (opened.ok) host.show(opened.value, again);
        else showMessage(`open: ${opened.error.message}`, 'warn');
      },
      (error: Error) => showMessage(`open: ${error.message}`, 'warn'),
    );
  }

  function copy(): void {
    const { screen, log, logTask } = view();
    const isLog = screen.focus === 'log' && log.lines.length > 0;
    const text = isLog ? log.lines.map((line) => line.text).join('\n') : (logTask ?? '');
    host.copy(text);
    showMessage(isLog ? `copied ${log.lines.length} ${log.lines.length === 1 ? 'line' : 'lines'}` : `copied ${text}`);
  }
}
