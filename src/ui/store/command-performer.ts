import { formatCount, formatNumber } from '../../display/format/format-count.ts';
import { formatClock } from '../../display/format/format-duration.ts';
import type { Intent, PastRunSource, RunId, RunSource, TaskId } from '../../engine/index.ts';
import { clipboardBytes, copiedText } from '../panes/log/copied-text.ts';
import type { ShownLine } from '../panes/log/shown-line.ts';
import { eventText } from '../status/event-text.ts';
import type { Command, PlaybackAction } from './command.ts';
import type { Message } from './screen-state.ts';
import type { ScreenView } from './screen-view.ts';

type Playback = NonNullable<RunSource['playback']>;

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
  /** Lines of the log that is shown, by position. */
  logLines(first: number, last: number): Promise<readonly ShownLine[]>;
  /** Selects a task. */
  select(task: TaskId): void;
  showMessage(text: string, style?: Message['style']): void;
  leaveWhenOver(how: 'quit' | 'interrupt'): void;
};

/** Performs the actions of keys outside of the screen. */
export function createCommandPerformer(
  source: RunSource,
  host: ScreenHost,
  { view, logLines, select, showMessage, leaveWhenOver }: StoreActions,
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
        if (command.lines === undefined) copy();
        else copyLines(...command.lines);
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

  function play(what: PlaybackAction): void {
    const { playback } = source;
    if (playback === undefined) return;
    if (what === 'pause') playback.pause();
    else if (what === 'resume') playback.resume();
    else if (what === 'faster' || what === 'slower') changeSpeed(playback, what);
    else if ('skip' in what) playback.skip(what.skip * skipMs(playback.position().totalMs));
    else if ('event' in what) jump(playback, 'event', what.event);
    else jump(playback, 'failure', what.failure);
  }

  function changeSpeed(playback: Playback, how: 'faster' | 'slower'): void {
    const { speed } = playback.position();
    const next = how === 'faster' ? speeds.find((one) => one > speed) : speeds.findLast((one) => one < speed);
    if (next === undefined) showMessage(`speed: ${speed}x is the ${how === 'faster' ? 'fastest' : 'slowest'}`, 'warn');
    else playback.setSpeed(next);
  }

  function jump(playback: Playback, to: 'event' | 'failure', direction: 1 | -1): void {
    const event = playback.jump(to, direction);
    if (event === undefined) {
      showMessage(`${to}: there is none ${direction === 1 ? 'after' : 'before'} this`, 'warn');
      return;
    }
    if ('task' in event) select(event.task);
    showMessage(`${formatClock(playback.position().elapsedMs)} ${eventText(event)}`);
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
    if (screen.focus === 'log' && log.lines.length > 0) {
      take(log.lines, log.lines.length);
      return;
    }
    if (logTask === undefined) {
      showMessage('copy: no task is selected', 'warn');
      return;
    }
    host.copy(logTask);
    showMessage(`copied ${logTask}`);
  }

  function copyLines(first: number, last: number): void {
    // No more lines than that have room, however short they are.
    logLines(first, Math.min(last, first + clipboardBytes)).then(
      (lines) => take(lines, last + 1 - first),
      (error: Error) => showMessage(`copy: ${error.message}`, 'warn'),
    );
  }

  function take(lines: readonly ShownLine[], wanted: number): void {
    const copied = copiedText(lines, view().screen.log.all);
    host.copy(copied.text);
    const count = formatCount(copied.lines, 'line');
    if (copied.lines === wanted) showMessage(`copied ${count}`);
    else {
      const most = `${Math.floor(clipboardBytes / 1000)} kB`;
      showMessage(`copied ${count} of ${formatNumber(wanted)}: a terminal accepts at most ${most}`, 'warn');
    }
  }
}

/** Speeds of a replay, from which \`+\` and \`-\` choose. */
const speeds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Ten seconds; of a run that took longer than 17 minutes a hundredth of it. */
function skipMs(totalMs: number): number {
  return Math.max(10_000, totalMs / 100);
}
