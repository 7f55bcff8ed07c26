import { afterEach, beforeEach, describe, test } from 'vitest';
import { LogFeed, type LogRequest, type LogWindow } from '../../../../../src/ui/panes/log/log-feed.ts';
import { initialScreen, type LogPosition } from '../../../../../src/ui/store/screen-state.ts';
import { type FakeRunSource, fakeRunSource, until } from '../../support/watched-run.ts';

let run: FakeRunSource;
let feed: LogFeed;

beforeEach(() => {
  run = fakeRunSource();
  feed = new LogFeed(run.source, () => {});
});
afterEach(() => {
  feed.close();
  run.close();
});

function wish(place: Partial<LogPosition> = {}, attempt = 1, live = true): LogRequest {
  return { task: 'load' as never, attempt, position: { ...initialScreen(80, 24).log, ...place }, height: 5, live };
}

type Expected = Omit<Partial<LogWindow>, 'lines'> & { readonly lines?: readonly string[] };

async function shows(expected: Expected, wished = wish()): Promise<void> {
  const isThere = () => {
    const { lines, ...others } = feed.read(wished);
    const facts = { ...others, lines: lines.map(({ text }) => text) };
    return Object.entries(expected).every(
      ([key, value]) => JSON.stringify(facts[key as keyof Expected]) === JSON.stringify(value),
    );
  };
  await until(isThere, `${JSON.stringify(expected)}, not ${JSON.stringify(feed.read(wished))}`);
}

function numbered(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, place) => `line ${from + place}\n`).join('');
}

test('a growing log is followed line by line', async () => {
  await shows({ total: 0, lines: [] });
  run.print('load', 1, numbered(1, 7));
  await shows({ total: 7, lines: ['line 3', 'line 4', 'line 5', 'line 6', 'line 7'] });
  run.print('load', 1, 'half');
  await shows({ total: 8, lines: ['line 4', 'line 5', 'line 6', 'line 7', 'half'] });
  run.print('load', 1, ' and whole\n');
  await shows({ total: 8, lines: ['line 4', 'line 5', 'line 6', 'line 7', 'half and whole'] });
});

test('a paused log stays in place while it grows', async () => {
  run.print('load', 1, numbered(1, 50));
  await shows({ total: 50 });
  const paused = wish({ following: false, top: 10 });
  await shows({ first: 10, lines: ['line 11', 'line 12', 'line 13', 'line 14', 'line 15'] }, paused);
  run.print('load', 1, numbered(51, 60));
  await shows({ total: 60, lines: ['line 11', 'line 12', 'line 13', 'line 14', 'line 15'] }, paused);
});

test('every line of a long log can be reached', async () => {
  run.print('load', 1, numbered(1, 30_000));
  await shows({ total: 30_000, lines: numbered(29_996, 30_000).trimEnd().split('\n') });
  for (const top of [0, 17_123, 29_995, 401, 199]) {
    await shows(
      {
        lines: numbered(top + 1, top + 5)
          .trimEnd()
          .split('\n'),
      },
      wish({ following: false, top }),
    );
  }
});

test('the last output is shown although the task has ended', async () => {
  run.print('load', 1, 'begin\n');
  await shows({ lines: ['begin'] });
  run.print('load', 1, 'end\n');
  await shows({ lines: ['begin', 'end'] }, wish({}, 1, false));
});

test('another attempt has another log', async () => {
  run.print('load', 1, 'first\n');
  run.print('load', 2, 'second\n');
  await shows({ lines: ['first'] });
  await shows({ lines: ['second'], attempt: 2 }, wish({}, 2));
});

describe('in a log of many lines', () => {
  beforeEach(() =>
    run.print(
      'load',
      1,
      Array.from({ length: 5_000 }, (_, n) => `row ${n}${n % 1000 === 7 ? ' ERROR' : ''}\n`).join(''),
    ),
  );

  test('a search finds a text in any case, in lines written later too', async () => {
    const searching = wish({ search: { text: 'error', current: 0 } });
    await shows({ matches: [7, 1007, 2007, 3007, 4007], isSearched: true }, searching);
    run.print('load', 1, 'one more Error\n');
    await shows({ matches: [7, 1007, 2007, 3007, 4007, 5000] }, searching);
  });

  test('only errors are shown, with their own count', async () => {
    const errors = wish({ errorsOnly: true });
    await shows({ total: 5, lines: [7, 1007, 2007, 3007, 4007].map((n) => `row ${n} ERROR`) }, errors);
    await shows({ matches: [2] }, wish({ errorsOnly: true, search: { text: '2007', current: 0 } }));
  });
});

test('no control sequence is shown', async () => {
  run.print('load', 1, '\x1b]0;title\x07plain \x1b[31mred\x1b[0m\tTab\rover\n');
  await shows({ lines: ['over'] });
  run.print('load', 1, '\x1b[2Jcleared\n');
  await shows({ lines: ['over', 'cleared'] });
});
