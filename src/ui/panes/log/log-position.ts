import type { LogPosition, ScreenState } from '../../store/screen-state.ts';
import type { LogWindow } from './log-feed.ts';

/** Scrolls down by `by` lines. Scrolling up pauses; reaching the end follows again. */
export function scrollLog(screen: ScreenState, log: LogWindow, height: number, by: number): ScreenState {
  const { following, top } = screen.log;
  const max = Math.max(0, log.total - height);
  const from = following ? max : Math.min(top, max);
  return scrollLogTo(screen, log, height, from + by, by > 0);
}

/** Scrolls to line `top`; with `follow`, reaching the end follows from then on. */
export function scrollLogTo(
  screen: ScreenState,
  log: LogWindow,
  height: number,
  top: number,
  follow: boolean,
): ScreenState {
  const max = Math.max(0, log.total - height);
  if (top >= max && (follow || screen.log.following)) return followLog(screen);
  const { following, pausedAt } = screen.log;
  return withLog(screen, {
    following: false,
    top: Math.max(log.earliest ?? 0, Math.min(max, top)),
    pausedAt: following ? log.total : pausedAt,
  });
}

/** Follows from now on; nothing is marked any more. */
export function followLog(screen: ScreenState): ScreenState {
  const { mark: _, ...log } = screen.log;
  return { ...screen, log: { ...log, following: true } };
}

/** Shows the output of all tasks, or of one again, from its end. */
export function showAll(screen: ScreenState, all: boolean): ScreenState {
  const { attempt: _, ...log } = followLog(screen).log;
  return { ...screen, log: { ...log, all, pausedAt: 0 } };
}

/** Begins to mark lines: at the last one while the log follows, else at the first one that is shown. */
export function markLog(screen: ScreenState, log: LogWindow, height: number): ScreenState {
  const at = screen.log.following ? Math.max(0, log.total - 1) : screen.log.top;
  const paused = screen.log.following ? pauseLog(screen, log, height) : screen;
  return withLog(paused, { mark: { anchor: at, head: at } });
}

export function endMark(screen: ScreenState): ScreenState {
  const { mark: _, ...log } = screen.log;
  return { ...screen, log };
}

/** Moves the end of the marked lines, and scrolls so that it is seen. */
export function moveMark(screen: ScreenState, log: LogWindow, height: number, by: number): ScreenState {
  const { mark, top, wrap } = screen.log;
  if (mark === undefined) return screen;
  const head = Math.max(log.earliest ?? 0, Math.min(log.total - 1, mark.head + by));
  // How many rows wrapped lines take is not known here.
  const seen = wrap ? Math.max(1, Math.floor(height / 4)) : height;
  const next = head < top ? head : Math.max(top, head - seen + 1);
  return withLog(screen, { mark: { ...mark, head }, top: next });
}

/** The positions of the marked lines, first and last. */
export function markedLines({ mark }: LogPosition): readonly [number, number] | undefined {
  return mark === undefined ? undefined : [Math.min(mark.anchor, mark.head), Math.max(mark.anchor, mark.head)];
}

/** Stops following: the window stays on its lines while the log grows. */
export function pauseLog(screen: ScreenState, log: LogWindow, height: number): ScreenState {
  return withLog(screen, { following: false, top: Math.max(0, log.total - height), pausedAt: log.total });
}

/** Begins a search; '' ends it. */
export function searchLog(screen: ScreenState, text: string): ScreenState {
  const { search: _, ...log } = screen.log;
  return { ...screen, log: text === '' ? log : { ...log, search: { text, current: 0 } } };
}

/** Goes to the next match (1) or the previous one (-1), and scrolls it to the middle of the pane. */
export function stepMatch(screen: ScreenState, log: LogWindow, height: number, step: 1 | -1): ScreenState {
  const { search } = screen.log;
  if (search === undefined || log.matches.length === 0) return screen;
  const count = log.matches.length;
  const next =
    search.current === 0
      ? nearestMatch(screen.log, log, height, step)
      : ((search.current - 1 + step + count) % count) + 1;
  return showMatch(screen, log, height, next);
}

/** Goes to the nearest match once a search has found one. */
export function syncSearch(screen: ScreenState, log: LogWindow, height: number): ScreenState {
  const { search } = screen.log;
  if (search === undefined || search.current !== 0 || !log.isSearched || log.matches.length === 0) return screen;
  return showMatch(screen, log, height, nearestMatch(screen.log, log, height, 1));
}

function showMatch(screen: ScreenState, log: LogWindow, height: number, current: number): ScreenState {
  const line = log.matches[current - 1] ?? 0;
  const first = screen.log.following ? Math.max(0, log.total - height) : screen.log.top;
  const isSeen = line >= first && line < first + height;
  const top = isSeen ? first : Math.max(0, Math.min(log.total - height, line - Math.floor(height / 2)));
  const { following, pausedAt } = screen.log;
  return withLog(screen, {
    following: false,
    top,
    pausedAt: following ? log.total : pausedAt,
    search: { text: screen.log.search?.text ?? '', current },
  });
}

/** The first match from the top of the pane on; the last match while the log follows. */
function nearestMatch({ following, top }: LogPosition, { matches }: LogWindow, height: number, step: 1 | -1): number {
  if (following) return matches.length;
  if (step === 1) {
    const index = matches.findIndex((line) => line >= top);
    return index === -1 ? matches.length : index + 1;
  }
  const index = matches.findLastIndex((line) => line < top + height);
  return index === -1 ? 1 : index + 1;
}

function withLog(screen: ScreenState, log: Partial<LogPosition>): ScreenState {
  return { ...screen, log: { ...screen.log, ...log } };
}
