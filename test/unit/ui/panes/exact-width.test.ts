import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type {
  EpochMs,
  HostId,
  Plan,
  Regression,
  RunState,
  SlaJudgement,
  TaskEntry,
  TaskState,
} from '../../../../src/engine/index.ts';
import { displayText } from '../../../../src/engine/index.ts';
import { createTable, entryAt } from '../../../../src/engine/model/run/task-table.ts';
import { footerRow } from '../../../../src/ui/bars/footer-row.ts';
import { headerRow } from '../../../../src/ui/bars/header-row.ts';
import { inputRow, messageRow, questionRow } from '../../../../src/ui/bars/prompt-row.ts';
import { tooSmallRows } from '../../../../src/ui/bars/too-small.ts';
import { layout } from '../../../../src/ui/layout.ts';
import { charts } from '../../../../src/ui/panes/charts/charts-pane.ts';
import type { Meter } from '../../../../src/ui/panes/charts/meter.ts';
import { checksPane } from '../../../../src/ui/panes/checks/checks-pane.ts';
import { detailPane } from '../../../../src/ui/panes/detail/detail-pane.ts';
import { helpPane } from '../../../../src/ui/panes/help/help-pane.ts';
import type { ShownComparison } from '../../../../src/ui/panes/history/comparison-lines.ts';
import { historyPane } from '../../../../src/ui/panes/history/history-pane.ts';
import { hostsPane } from '../../../../src/ui/panes/hosts/hosts-pane.ts';
import { limitsPane } from '../../../../src/ui/panes/limits/limits-pane.ts';
import { logPane } from '../../../../src/ui/panes/log/log-pane.ts';
import { shownLine } from '../../../../src/ui/panes/log/shown-line.ts';
import { taskRows } from '../../../../src/ui/panes/tasks/task-rows.ts';
import { tasksPane } from '../../../../src/ui/panes/tasks/tasks-pane.ts';
import { timelinePane } from '../../../../src/ui/panes/timeline/timeline-pane.ts';
import type { PaneShape } from '../../../../src/ui/primitives/pane.ts';
import { runProgress } from '../../../../src/ui/status/run-progress.ts';
import type { Frame } from '../../../../src/ui/store/frame.ts';
import { initialScreen } from '../../../../src/ui/store/screen-state.ts';
import { createTheme, type Theme } from '../../../../src/ui/theme.ts';
import { halfWayRun, intervalsByTask } from '../support/half-way-run.ts';
import { plain } from '../support/plain.ts';

const texts = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '東京の天気を取り込む',
    '👩‍👩‍👧 family 🇩🇪🇯🇵',
    'e\u0301te\u0301',
    '\u0301',
    '\ufe0f',
    '\u200d',
    '❤',
    '\x1b[31mred',
    '\x1b[1;38;5;208mf\x1b[48;2;1;2;3m東\x1b[me\x1b[31m\u0301',
    'a\tb',
    'ｶﾞ',
    '한국어',
  ),
);
const numbers = fc.oneof(fc.double(), fc.integer({ min: 0, max: 100 }), fc.constantFrom(Number.NaN, 0, 1e12, -5));
const sizes = fc.record({ columns: fc.integer({ min: 60, max: 300 }), rows: fc.integer({ min: 15, max: 100 }) });
const themes = fc.record({ colour: fc.boolean(), unicode: fc.boolean() }).map(createTheme);

const { state: half, now, spans } = halfWayRun();
const stamp = { at: now as EpochMs, stream: 'stderr' } as const;

const taskStates: fc.Arbitrary<TaskState> = fc.oneof(
  fc.record({ kind: fc.constant('waiting' as const), unmet: fc.nat(9) }),
  fc.record({ kind: fc.constant('ready' as const), attempt: fc.nat(9), fallback: fc.boolean() }),
  fc.record({
    kind: fc.constant('running' as const),
    attempt: fc.integer({ min: 1, max: 9 }),
    startedAt: fc.constant((now - 9000) as EpochMs),
    fallback: fc.boolean(),
    stopping: fc.constantFrom('timeout' as const, 'cancel' as const, 'skip' as const, 'journal-lost' as const),
  }),
  fc.record({
    kind: fc.constant('backing-off' as const),
    attempt: fc.integer({ min: 2, max: 9 }),
    retryAt: fc.integer({ min: now - 1000, max: now + 1e9 }) as fc.Arbitrary<EpochMs>,
    cause: fc.record({ kind: fc.constant('lost' as const), message: texts }),
  }),
  fc.record({ kind: fc.constant('succeeded' as const), attempt: fc.constant(1), degraded: texts }),
  fc.record({
    kind: fc.constant('failed' as const),
    attempt: fc.constant(3),
    cause: fc.record({ kind: fc.constant('missing-output' as const), path: texts }),
  }),
  fc.record({ kind: fc.constant('timed-out' as const), attempt: fc.constant(1), afterMs: fc.nat(1e9) }),
  fc.constant({ kind: 'skipped' as const }),
  fc.record({ kind: fc.constant('upstream-failed' as const), because: texts }),
  fc.record({ kind: fc.constant('cancelled' as const), reason: texts, withRun: fc.boolean() }),
);

const entries: fc.Arbitrary<TaskEntry> = fc.record({
  state: taskStates,
  attempts: fc.nat(9),
  failures: fc.nat(4),
  infraFailures: fc.constant(0),
  startedAt: fc.integer({ min: now - 1e9, max: now }) as fc.Arbitrary<EpochMs>,
  report: fc.record({ progress: numbers, rows: numbers, message: texts }),
});

/** The half-way run with any names, states and words in it. */
const states: fc.Arbitrary<RunState> = fc
  .record({
    names: fc.array(texts, { minLength: 10, maxLength: 10 }),
    table: fc.array(entries, { minLength: 10, maxLength: 10 }),
    text: texts,
  })
  .map(({ names, table, text }) => ({
    ...half,
    plan: renamed(half.plan, names, text),
    tasks: createTable(half.plan.tasks.length, (index) => table[index]!),
    checks: half.checks.map((_, index) =>
      index % 2 === 0
        ? {
            kind: 'done' as const,
            result: {
              check: text,
              verdict: (['fail', 'warn', 'error', 'pass'] as const)[(index / 2) % 4]!,
              summary: text,
              measured: { [text]: text, some_rows: 12, age_ms: Number.NaN, first_keys: names },
              durationMs: 12,
            },
          }
        : index % 4 === 1
          ? { kind: 'running' as const, attempt: 1 }
          : {
              kind: 'backing-off' as const,
              attempt: 2,
              retryAt: (now + 3_000) as EpochMs,
              result: { check: text, verdict: 'error' as const, summary: text, measured: {}, durationMs: 12 },
            },
    ),
  }));

function renamed(plan: Plan, names: readonly string[], text: string): Plan {
  return {
    ...plan,
    pipeline: { ...plan.pipeline, name: text, limits: { ...plan.pipeline.limits, runMs: 1 } },
    tasks: plan.tasks.map((task) => ({
      ...task,
      spec: {
        ...task.spec,
        id: names[task.index] as never,
        description: text,
        command: { kind: 'shell', script: `${text}\n${text}`, shell: [text, text] },
        dir: { path: text, at: task.spec.at },
        envFiles: [{ path: text, at: task.spec.at }],
        pools: [text],
        outputs: names,
      },
    })),
    checks: plan.checks.map((check) => ({ ...check, spec: { ...check.spec, name: text } })),
  };
}

function expectExact(rows: readonly string[], width: number, theme: Theme): void {
  for (const row of rows) {
    const read = plain(row);
    const fault =
      displayText(read) !== read
        ? 'a terminal would obey it'
        : stringWidth(read) !== width
          ? `it has ${stringWidth(read)} columns, not ${width}`
          : !closed.test(row)
            ? 'a style is left open, or is around nothing'
            : !theme.unicode && !ascii.test(read)
              ? 'it is not ASCII'
              : undefined;
    if (fault !== undefined) expect.fail(`${JSON.stringify(row)}: ${fault}`);
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: styles are made of them
const closed = /^(?:[^\x1b]|\x1b\[[\d;]+m[^\x1b]+\x1b\[0m)*$/;
const ascii = /^[\x20-\x7e]*$/;

type Case = {
  readonly state: RunState;
  readonly theme: Theme;
  readonly words: readonly string[];
  readonly values: readonly number[];
  readonly flag: boolean;
  readonly top: number;
};

const cases: fc.Arbitrary<Case> = fc.record({
  state: states,
  theme: themes,
  words: fc.array(texts, { minLength: 3, maxLength: 12 }),
  values: fc.array(numbers, { maxLength: 60 }),
  flag: fc.boolean(),
  top: fc.integer({ min: -3, max: 30 }),
});

function drawPane(pane: (typeof panes)[number], shape: PaneShape, one: Case): readonly string[] {
  const { state, theme, words, values, flag, top } = one;
  const [text = '', other = ''] = words;
  switch (pane) {
    case 'tasks': {
      const list = {
        unfolded: new Set<never>(),
        folded: new Set(flag ? [...state.plan.levels.keys()].slice(0, 1) : []),
        filter: flag ? '' : `!${text}`,
        order: (['file', 'state', 'duration', 'cpu', 'memory'] as const)[Math.abs(top) % 5]!,
        hideDone: flag,
      };
      const rows = taskRows(state, list, now);
      const marked = new Set([1, 2]);
      const progress = runProgress(state, new Map(words.map((task, at) => [task, values[at] ?? 1])), now);
      return tasksPane(
        { state, now, list, rows, top, selected: top + 1, marked, progress, why: () => other },
        shape,
        theme,
      );
    }
    case 'log': {
      const search = { text: other, current: top, total: 7, line: 1 };
      const lines = words.map(displayText);
      const view = {
        task: text,
        attempt: 2,
        lines: lines.map((line, index) => shownLine({ text: line, ...(index % 2 === 0 ? { stamp } : {}) })),
        total: top,
        following: flag,
        fresh: top,
        wrap: flag,
        errorsOnly: !flag,
        stamps: top % 2 === 0,
      };
      return logPane({ ...view, offset: Math.max(0, top), ...(flag ? { search } : {}) }, shape, theme);
    }
    case 'charts': {
      const meters = (['CPU', 'Memory', 'Connections'] as const).map(
        (name): Meter => ({
          name,
          samples: values,
          unit: flag ? 'percent' : 'count',
          max: values[0] ?? 100,
          limit: values[1] ?? 80,
          reading: text,
        }),
      );
      const screen = { ...initialScreen(flag ? 60 : 300, 50), zoomed: shape.zoomed };
      return charts.rows({ meters, screen } as unknown as Frame, shape, theme);
    }
    case 'timeline': {
      const view = {
        plan: state.plan,
        tasks: intervalsByTask(spans),
        startedAt: now - 1000 * Math.max(1, top),
        now,
        live: flag,
      };
      return timelinePane({ ...view, criticalPath: [0, 3] }, flag ? top : undefined, shape, theme);
    }
    case 'checks': {
      const verdicts = ['pass', 'warn', 'fail', 'error'] as const;
      const points = words.map((run, at) => ({ run, verdict: verdicts[at % 4]!, value: values[at] ?? 1 }));
      const histories = new Map(flag ? state.plan.checks.map(({ spec }) => [spec.name, points]) : []);
      return checksPane({ state, now, histories, top, check: top % 5 }, shape, theme);
    }
    case 'history': {
      const runs = words.map((run, at) => ({
        run,
        status: (['success', 'failed', 'cancelled'] as const)[at % 3]!,
        completedAt: now,
        durationMs: values[at] ?? 1,
        failed: at,
        degraded: at,
        failedChecks: at,
        warned: at,
        params: { [text]: other },
      }));
      const trends = words.map((task) => ({
        task,
        durationsMs: values,
        medianMs: 3,
        ratio: values[0] ?? 1,
        regressed: flag,
      }));
      const compared = { status: 'success', attempts: 1, seconds: values[0] ?? 1, rows: values[1] ?? 1 } as const;
      const comparison = {
        run: { run_id: text, total_duration_seconds: values[0] ?? 1 },
        against: { run_id: other, total_duration_seconds: values[1] ?? 1 },
        change: values[2] ?? 0,
        plan_changed: flag,
        params: words.map((name) => ({ name, run: text })),
        tasks: words.map((task, at) => ({
          task,
          change: values[at] ?? 0,
          ...(at % 3 === 0 ? {} : { run: compared }),
          ...(at % 2 === 0 ? {} : { against: { ...compared, status: 'failed' } }),
        })),
        isOver: flag,
      } as unknown as ShownComparison;
      const regressions = flag ? [{ task: text, change: values[0] ?? 1 } as unknown as Regression] : [];
      return historyPane(
        {
          runs,
          trends: flag ? trends : [],
          regressions,
          selected: Math.abs(top) % 7,
          ...(top % 2 === 0 ? {} : { comparison }),
        },
        shape,
        theme,
      );
    }
    case 'limits': {
      const [cpu = 0.5, memory = 0.5, cores = 4] = values;
      const disks = [{ role: 'logs', freeBytes: values[3] ?? 0 }] as const;
      const sample = {
        at: now as EpochMs,
        cpu,
        memory,
        memoryBytes: 1,
        cores,
        memoryLimitBytes: 1,
        disks,
        tasks: new Map(),
      };
      const capacity = { cpu: cores, memoryBytes: memory, unknown: { cpu: 1, memoryBytes: 0 } };
      const limited = { ...state, capacity, ready: { ...state.ready } };
      return limitsPane(
        { state: limited, now: now as EpochMs, task: 4, top, slas: slasOf(words), ...(flag ? { sample } : {}) },
        shape,
        theme,
      );
    }
    case 'hosts': {
      const load = {
        cores: values[0] ?? 4,
        memoryBytes: 8,
        usedCores: values[1] ?? 1,
        freeMemoryBytes: values[2] ?? 3,
      };
      const hosts = words.map((name, at) => ({
        id: `${name}${at}` as HostId,
        name,
        labels: words.slice(0, at),
        slots: 4,
        accepting: at % 2 === 0,
        ...(at % 3 === 0 ? { load } : {}),
        ...(at % 5 === 4 ? { isGone: true as const } : {}),
      }));
      const live = hosts.map((host) => ({
        ...host,
        labels: new Set(host.labels),
        seenAt: (now - 1000) as EpochMs,
        leaseMs: values[3] ?? 30_000,
      }));
      const tasks = createTable(state.plan.tasks.length, (index) => ({
        ...entryAt(state.tasks, index),
        state: { kind: 'running', attempt: 1, startedAt: now, fallback: false, host: hosts[0]!.id } as TaskState,
      }));
      const reserved = new Map(state.plan.tasks.map(({ index }) => [index, { cpu: 1, memoryBytes: 0 }]));
      const view = { state: { ...state, hosts, tasks, reserved }, now: now as EpochMs, top };
      return hostsPane(flag ? { ...view, hosts: live } : view, shape, theme);
    }
    case 'detail':
      return detailPane({ state, now, task: 4, intervals: spans, why: text, top }, shape, theme);
  }
}

function slasOf(words: readonly string[]): readonly SlaJudgement[] {
  const statuses = ['open', 'met', 'at-risk', 'missed', 'not-measured'] as const;
  return words.map((word, at) => {
    return { sla: word, status: statuses[at % 5]!, limit: 1, unit: 'seconds', message: `${word} ${word}` };
  });
}

const panes = ['tasks', 'log', 'charts', 'timeline', 'checks', 'history', 'detail', 'limits', 'hosts'] as const;

describe('every row is exactly as wide as its pane, with any content', () => {
  test.each(panes)('%s', (shown) => {
    fc.assert(
      fc.property(cases, sizes, fc.boolean(), fc.boolean(), (one, { columns, rows }, zoomed, focused) => {
        const places = layout(columns, rows, { shown, taskRows: 14, ...(zoomed ? { zoom: shown } : {}) });
        if (places.size === 'too-small') throw new Error('from 60x15 on there is room');
        const rect = places.panes[shown];
        if (rect === undefined) return;
        const { width, height } = rect;
        const drawn = drawPane(shown, { width, height, focused, zoomed }, one);
        expect(drawn).toHaveLength(height);
        expectExact(drawn, width, one.theme);
      }),
      { numRuns: 40 },
    );
  });

  test.each(panes)('%s in too little space', (pane) => {
    fc.assert(
      fc.property(cases, fc.nat(12), fc.nat(5), fc.boolean(), (one, width, height, zoomed) => {
        const drawn = drawPane(pane, { width, height, focused: true, zoomed }, one);
        expect(drawn).toHaveLength(height);
        expectExact(drawn, width, one.theme);
      }),
      { numRuns: 30 },
    );
  });

  test('the header, the footer, the help and the notice of a screen that is too small', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 60 }), (one, width, height) => {
        const { state, theme, words, values, flag } = one;
        const [text = ''] = words;
        const keys = words.map((word, at) => ({
          keys: word,
          label: word,
          help: word,
          enabled: at !== 1,
          section: words[at % 3]!,
        }));
        const meter: Meter = { name: 'CPU', samples: values, unit: 'percent', max: 100, limit: 80 };
        const rows = [
          headerRow(
            { state: { ...state, paused: flag }, now, slas: slasOf(words), meters: flag ? [meter, meter, meter] : [] },
            width,
            theme,
          ),
          footerRow(keys, width, theme),
          questionRow({ text, shorter: [] }, width, theme),
          inputRow('/', text, width, theme),
          messageRow(text, 'warn', width, theme),
          ...helpPane(keys, 2, { width, height, focused: true, zoomed: false }, theme),
          ...tooSmallRows(width, height, theme, flag ? text : undefined),
        ];
        expectExact(rows, width, theme);
      }),
      { numRuns: 40 },
    );
  });
});
