import type { LineReader, RunSource, TaskId } from '../../../engine/index.ts';
import type { LogPosition } from '../../store/screen-state.ts';
import { findMatches } from './highlight.ts';
import { type LineScan, type NumberedLine, scanLines } from './line-scan.ts';
import { isErrorLine } from './line-style.ts';
import { type ShownLine, shownLine } from './shown-line.ts';

/** Which window of which log to read. */
export type LogRequest = {
  /** Without it, the output of all tasks. */
  readonly task?: TaskId;
  readonly attempt: number;
  /** Another number when what was read before does not count any more. */
  readonly version?: number;
  readonly position: LogPosition;
  /** Rows of the pane. */
  readonly height: number;
  /** The attempt is still running, so that the log may grow. */
  readonly live: boolean;
};

/** The part of a log that is shown. Positions count lines from 0; with `errorsOnly`, error lines only. */
export type LogWindow = {
  readonly task?: TaskId;
  readonly attempt: number;
  readonly total: number;
  /** The lines of the window. */
  readonly lines: readonly ShownLine[];
  /** The position of its first line. */
  readonly first: number;
  /** The position of the first line that can be reached; 0 without it. */
  readonly earliest?: number;
  /** Positions of the lines in which the searched text was found. */
  readonly matches: readonly number[];
  /** The search has reached the end of the log. */
  readonly isSearched: boolean;
};

const noLog: LogWindow = { attempt: 0, total: 0, lines: [], first: 0, matches: [], isSearched: true };

/** Lines read before and after the window, so that scrolling shows them at once. */
const readAheadLines = 200;

/** Reads the visible part of a log in the background; lines that are not read yet come with a later frame. */
export class LogFeed {
  readonly #source: Pick<RunSource, 'openLog' | 'openAllLogs'>;
  readonly #onChange: () => void;
  #key = '';
  #log: OpenLog | undefined;

  constructor(source: Pick<RunSource, 'openLog' | 'openAllLogs'>, onChange: () => void) {
    this.#source = source;
    this.#onChange = onChange;
  }

  /** The window as far as it is read; starts reading the rest. */
  read(request: LogRequest | undefined): LogWindow {
    const key = request === undefined ? '' : `${request.attempt} ${request.version ?? 0} ${request.task ?? ''}`;
    if (key !== this.#key) {
      this.#log?.close();
      this.#log = request === undefined ? undefined : new OpenLog(this.#openReader(request), this.#onChange);
      this.#key = key;
    }
    return request === undefined || this.#log === undefined ? noLog : this.#log.read(request);
  }

  /** The lines of the log that is shown between these positions, both included. Rejects when it cannot be read. */
  async linesBetween(first: number, last: number): Promise<readonly ShownLine[]> {
    return (await this.#log?.linesBetween(first, last)) ?? [];
  }

  #openReader({ task, attempt }: LogRequest): LineReader {
    return task === undefined ? this.#source.openAllLogs() : this.#source.openLog(task, attempt);
  }

  close(): void {
    this.#log?.close();
    this.#log = undefined;
    this.#key = '';
  }
}

class OpenLog {
  readonly #reader: LineReader;
  readonly #onChange: () => void;
  /** Ends the subscription to a growing log; undefined without one. */
  #unwatch: (() => void) | undefined;
  #lines: readonly NumberedLine[] = [];
  /** The window that was shown last. */
  #shown: readonly NumberedLine[] = [];
  /** The last request, so that the same part is not read twice. */
  #requested = '';
  #isLoading = false;
  #isRead = false;
  #errors: LineScan | undefined;
  #isErrorsOnly = false;
  #search: (LineScan & { readonly text: string; readonly errorsOnly: boolean }) | undefined;
  #readError: string | undefined;

  constructor(reader: LineReader, onChange: () => void) {
    this.#reader = reader;
    this.#onChange = onChange;
    this.#watch();
  }

  read({ task, attempt, position, height, live }: LogRequest): LogWindow {
    if (live) this.#watch();
    else this.#readOnceMore();
    const errors = this.#scanErrors(position.errorsOnly);
    const search = this.#scanSearch(position);
    const total = errors === undefined ? this.#reader.size().lines : errors.found.length;
    const earliest = errors === undefined ? (this.#reader.size().first ?? 0) : 0;
    const first = Math.max(earliest, position.following ? total - height : Math.min(position.top, total - 1));
    const lines =
      errors === undefined
        ? this.#window(first, height, position.following)
        : errors.found.slice(first, first + height);
    return {
      ...(task === undefined ? {} : { task }),
      attempt,
      total,
      first,
      earliest,
      lines: this.#shownOf(lines, errors),
      matches: search === undefined ? [] : positionsOf(search.found, errors?.found),
      isSearched: search?.isDone() ?? true,
    };
  }

  async linesBetween(first: number, last: number): Promise<readonly ShownLine[]> {
    if (this.#errors !== undefined && this.#isErrorsOnly) return this.#errors.found.slice(first, last + 1);
    return (await this.#reader.lines(first, last + 1 - first)).map(shownLine);
  }

  close(): void {
    this.#unwatch?.();
    this.#errors?.stop();
    this.#search?.stop();
    void this.#reader.close();
  }

  /** Until a log has been read, one empty line: the pane must not say that it has no output. */
  #shownOf(lines: readonly NumberedLine[], errors: LineScan | undefined): readonly ShownLine[] {
    if (this.#readError !== undefined) return [shownLine({ text: this.#readError })];
    const isKnown = errors === undefined ? this.#isRead : errors.isDone();
    return lines.length === 0 && !isKnown ? [shownLine({ text: '' })] : lines;
  }

  #watch(): void {
    this.#unwatch ??= this.#reader.subscribe(() => this.#hasGrown());
  }

  /** Ends the subscription to a complete log, which checks the file ten times a second, and reads its end once more. */
  #readOnceMore(): void {
    const { isCounted } = this.#reader.size();
    if (this.#unwatch === undefined || !isCounted) return;
    this.#unwatch();
    this.#unwatch = undefined;
    this.#reader.last(1).then(
      () => this.#hasGrown(),
      // The next read reports the error.
      () => {},
    );
  }

  #hasGrown(): void {
    this.#errors?.goOn();
    this.#search?.goOn();
    this.#onChange();
  }

  /** The lines of the window among those that were read. */
  #window(first: number, height: number, following: boolean): readonly NumberedLine[] {
    const { lines, bytes } = this.#reader.size();
    if (following) {
      this.#load(`last ${lines} ${bytes} ${height}`, () => this.#reader.last(height + readAheadLines));
      this.#shown = this.#lines.slice(-height);
      return this.#shown;
    }
    const from = Math.max(0, first - (first % readAheadLines) - readAheadLines);
    const count = height + 3 * readAheadLines;
    // Only the end of a log changes: elsewhere its size is no part of the request.
    const grows = from + count >= lines ? bytes : 0;
    this.#load(`${from} ${count} ${grows}`, () => this.#reader.lines(from, count));
    const begin = this.#lines.findIndex(({ number }) => number >= first);
    // Until the new part is read, the old one stays on the screen.
    if (begin > 0 || this.#lines[0]?.number === first) this.#shown = this.#lines.slice(begin, begin + height);
    return this.#shown;
  }

  #load(key: string, read: () => ReturnType<LineReader['last']>): void {
    if (this.#isLoading || key === this.#requested) return;
    this.#isLoading = true;
    this.#requested = key;
    read()
      .then(
        (lines) => {
          this.#lines = lines.map((line) => ({ ...shownLine(line), number: line.number }));
          this.#readError = undefined;
        },
        (error: Error) => {
          this.#readError = `the log cannot be read: ${error.message}`;
        },
      )
      .finally(() => {
        this.#isLoading = false;
        this.#isRead = true;
        this.#onChange();
      });
  }

  #scanErrors(errorsOnly: boolean): LineScan | undefined {
    this.#isErrorsOnly = errorsOnly;
    if (errorsOnly) this.#errors ??= scanLines(this.#reader, isErrorLine, this.#onChange);
    return errorsOnly ? this.#errors : undefined;
  }

  #scanSearch({ search, errorsOnly }: LogPosition): LineScan | undefined {
    const text = search?.text ?? '';
    if (text !== (this.#search?.text ?? '') || errorsOnly !== (this.#search?.errorsOnly ?? errorsOnly)) {
      this.#search?.stop();
      this.#search = undefined;
    }
    if (text === '') return undefined;
    const matches = (line: string) => findMatches(line, text).length > 0 && (!errorsOnly || isErrorLine(line));
    this.#search ??= { ...scanLines(this.#reader, matches, this.#onChange), text, errorsOnly };
    return this.#search;
  }
}

function positionsOf(found: readonly NumberedLine[], shown: readonly NumberedLine[] | undefined): readonly number[] {
  if (shown === undefined) return found.map(({ number }) => number);
  const positions = new Map(shown.map(({ number }, position) => [number, position]));
  return found.flatMap(({ number }) => positions.get(number) ?? []);
}
