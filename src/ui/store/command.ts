import type { Intent, RunId } from '../../engine/index.ts';

/** An action of a key besides changes of the screen itself. */
export type Command =
  /** Intents for the run. `verb` is put before the reason when all are refused; `done` is shown when they are accepted. */
  | { readonly type: 'intend'; readonly verb: string; readonly intents: readonly Intent[]; readonly done?: string }
  /** Ends all running attempts by force. */
  | { readonly type: 'kill' }
  /** Leaves the screen, with a run that still goes on cancelled first. */
  | { readonly type: 'leave'; readonly how: 'quit' | 'interrupt' }
  /** Leaves the screen to the plain log; the run goes on. */
  | { readonly type: 'plain' }
  | { readonly type: 'playback'; readonly do: PlaybackAction }
  /** Opens a stored run on a screen of its own, as it ended; with `again` it is played from its beginning, in place of this one. */
  | { readonly type: 'open-past'; readonly run: RunId; readonly again?: true }
  /** The lines of the log between these positions, both included; without them what is shown. */
  | { readonly type: 'copy'; readonly lines?: readonly [first: number, last: number] }
  | { readonly type: 'page' }
  | { readonly type: 'suspend' }
  | { readonly type: 'repaint' }
  | { readonly type: 'mouse'; readonly on: boolean };

/** What a key does to a replay; `event` and `failure`: it moves to the next (1) or the previous (-1) one. */
export type PlaybackAction =
  | 'pause'
  | 'resume'
  | 'faster'
  | 'slower'
  | { readonly skip: 1 | -1 }
  | { readonly event: 1 | -1 }
  | { readonly failure: 1 | -1 };
