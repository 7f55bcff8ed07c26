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
    top: Math.max(0, Math.min(max, top)),
    pausedAt: following ? log.total : pausedAt,
  });
}

export function followLog(screen: ScreenState): ScreenState {
  return withLog(screen, { following: true });
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
