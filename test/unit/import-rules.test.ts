import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectRoot } from '../support/project-root.ts';

type Config = { readonly forbidden: readonly IForbiddenRuleType[]; readonly options: ICruiseOptions };
const config = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as Config;

let root = '';
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'import-rules-')));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** File name to what it imports; each file also exports a name, so that all of them are modules. */
type Tree = Readonly<Record<string, readonly string[]>>;

/** A tree that keeps to the rules, with one file and every import that is allowed per room. */
const lawful: Tree = {
  'src/engine/model/plan.ts': ["import type {} from './result.ts';"],
  'src/engine/model/result.ts': [],
  'src/engine/ports.ts': ["import type {} from './model/plan.ts';"],
  'src/engine/spec/read.ts': ["import 'yaml';", "import '../model/plan.ts';"],
  'src/engine/plan/build.ts': ["import '../model/plan.ts';"],
  'src/engine/scheduler/decide.ts': ["import '../model/plan.ts';"],
  'src/engine/simulation/simulate.ts': ["import '../scheduler/decide.ts';", "import '../plan/build.ts';"],
  'src/engine/results/trends.ts': ["import '../model/plan.ts';"],
  'src/engine/runtime/loop.ts': [
    "import '../ports.ts';",
    "import '../scheduler/decide.ts';",
    "import '../results/trends.ts';",
  ],
  'src/engine/masking/mask.ts': ["import '../model/plan.ts';"],
  'src/engine/executors/process/run.ts': ["import 'node:child_process';", "import '../../ports.ts';"],
  'src/engine/executors/executor.ts': [
    "import './process/run.ts';",
    "import 'node:child_process';",
    "import '../ports.ts';",
    "import '../masking/mask.ts';",
  ],
  'src/engine/resources/sample.ts': ["import 'node:os';", "import 'systeminformation';"],
  'src/engine/database/server.ts': ["import 'node:child_process';", "import 'pg';", "import '../model/plan.ts';"],
  'src/engine/storage/journal.ts': ["import 'node:fs';", "import '../ports.ts';"],
  'src/engine/storage/handoffs/handoff-yaml.ts': ["import 'yaml';"],
  'src/engine/notify/command.ts': ["import 'node:child_process';", "import '../platform/sleep.ts';"],
  'src/engine/storage/locks/kernel-lock.ts': ["import 'node:child_process';"],
  'src/engine/storage/lock.ts': ["import type {} from './journal.ts';", "import '../platform/sleep.ts';"],
  'src/engine/platform/sleep.ts': ["import 'node:timers';", "import type {} from '../model/plan.ts';"],
  'src/engine/queue/tables.ts': ["import '../database/connection/connect.ts';", "import '../ports.ts';"],
  'src/engine/queue/dbos/client.ts': ["await import('@dbos-inc/dbos-sdk');"],
  'src/engine/database/connection/connect.ts': [],
  'src/engine/executors/queue/executor.ts': ["import '../../queue/tables.ts';"],
  'src/engine/worker/work.ts': ["import '../queue/tables.ts';", "import '../executors/process/run.ts';"],
  'src/engine/open-run.ts': [
    "await import('./executors/queue/executor.ts');",
    "import './executors/executor.ts';",
    "import './runtime/loop.ts';",
    "import './spec/read.ts';",
  ],
  'src/engine/verify/prove.ts': ["import '../open-run.ts';", "import '../database/server.ts';"],
  'src/engine/index.ts': ["export * from './open-run.ts';"],
  'src/display/states/task-display.ts': ["import '../../engine/index.ts';", "import '../format/format-count.ts';"],
  'src/display/format/format-count.ts': [],
  'src/ui/app.ts': [
    "import 'ink';",
    "import 'react';",
    "import '../engine/index.ts';",
    "import '../display/states/task-display.ts';",
    "import './store/view.ts';",
    "import './keys/table.ts';",
  ],
  'src/ui/store/view.ts': ["import '../primitives/line.ts';", "import '../../engine/index.ts';"],
  'src/ui/keys/table.ts': ["import '../store/view.ts';"],
  'src/ui/primitives/line.ts': ["import type {} from '../theme.ts';", "import '../../display/format/format-count.ts';"],
  'src/ui/theme.ts': [],
  'src/cli/main.ts': [
    "await import('../ui/app.ts');",
    "import type {} from '../ui/store/view.ts';",
    "import '../engine/index.ts';",
    "import '../display/states/task-display.ts';",
    "import 'commander';",
  ],
  'etl/tasks/load.ts': ["import '../task-main.ts';", "import 'pg';"],
  'etl/task-main.ts': ["import 'node:child_process';"],
};

/** The file, the import that breaks a rule, and the rule; files that are not in the lawful tree come on top. */
const breaches: readonly (readonly [file: string, line: string, rule: string])[] = [
  ['src/engine/storage/journal.ts', "import './lock.ts';", 'no-cycles'],
  ['src/engine/storage/logs.ts', "import './lost.ts';", 'everything-is-found'],
  ['src/cli/print.ts', "import 'vitest';", 'only-bundled-packages'],
  ['src/cli/parse.ts', "import 'yargs';", 'only-bundled-packages'],
  ['src/engine/model/ids.ts', "import 'node:path';", 'model-imports-nothing'],
  ['src/engine/model/spec.ts', "import type {} from '../spec/read.ts';", 'model-imports-nothing'],
  ['src/engine/spec/path.ts', "import 'node:path';", 'pure-rooms-know-the-model-only'],
  ['src/engine/spec/plan.ts', "import type {} from '../plan/build.ts';", 'pure-rooms-know-the-model-only'],
  ['src/engine/plan/plan.ts', "import '../spec/read.ts';", 'pure-rooms-know-the-model-only'],
  ['src/engine/scheduler/plan.ts', "import '../plan/build.ts';", 'pure-rooms-know-the-model-only'],
  ['src/engine/scheduler/ports.ts', "import type {} from '../ports.ts';", 'pure-rooms-know-the-model-only'],
  ['src/engine/scheduler/pg.ts', "import type {} from 'pg';", 'pure-rooms-know-the-model-only'],
  ['src/engine/results/time.ts', "import 'node:perf_hooks';", 'pure-rooms-know-the-model-only'],
  ['src/engine/results/yaml.ts', "import 'yaml';", 'yaml-has-two-doors'],
  ['src/engine/storage/handoffs/list.ts', "import 'yaml';", 'yaml-has-two-doors'],
  ['src/engine/simulation/clock.ts', "import 'node:timers';", 'simulation-knows-pure-rooms'],
  ['src/engine/simulation/learn.ts', "import '../results/trends.ts';", 'simulation-knows-pure-rooms'],
  ['src/engine/runtime/clock.ts', "import 'node:timers';", 'runtime-knows-ports-not-node'],
  ['src/engine/runtime/start.ts', "import type {} from '../executors/executor.ts';", 'runtime-knows-ports-not-node'],
  ['src/engine/runtime/open.ts', "import 'p-limit';", 'runtime-knows-ports-not-node'],
  ['src/engine/masking/files.ts', "import 'node:fs';", 'pure-rooms-know-the-model-only'],
  ['src/engine/executors/process/place.ts', "import '../executor.ts';", 'processes-know-no-executor'],
  ['src/engine/executors/log.ts', "import '../storage/journal.ts';", 'adapters-know-model-and-ports'],
  ['src/engine/database/plan.ts', "import type {} from '../plan/build.ts';", 'adapters-know-model-and-ports'],
  ['src/engine/queue/run.ts', "import '../executors/process/run.ts';", 'queue-is-shared-by-hosts'],
  ['src/engine/find-queue.ts', "import './queue/tables.ts';", 'queue-is-loaded-when-needed'],
  ['src/engine/executors/queue/dbos.ts', "await import('@dbos-inc/dbos-sdk');", 'dbos-has-one-door'],
  ['src/engine/platform/lock.ts', "import type {} from '../storage/journal.ts';", 'platform-is-a-leaf'],
  ['src/engine/runtime/sleep.ts', "import '../platform/sleep.ts';", 'runtime-knows-ports-not-node'],
  ['src/engine/resources/open.ts', "import '../open-run.ts';", 'adapters-know-model-and-ports'],
  ['src/engine/storage/psql.ts', "import 'node:child_process';", 'processes-are-started-in-one-room'],
  ['src/engine/find-shell.ts', "import 'child_process';", 'processes-are-started-in-one-room'],
  ['src/engine/verify/kill.ts', "import '../executors/process/run.ts';", 'verify-runs-by-the-front-door'],
  ['src/engine/colours.ts', "import 'chalk';", 'engine-knows-no-screen'],
  ['src/cli/replay.ts', "import type {} from '../engine/model/plan.ts';", 'engine-has-one-front-door'],
  ['src/ui/screen.ts', "import '../engine/open-run.ts';", 'engine-has-one-front-door'],
  ['src/engine/say.ts', "import '../display/format/format-count.ts';", 'engine-knows-no-screen'],
  ['src/display/state.ts', "import type {} from '../engine/model/plan.ts';", 'engine-has-one-front-door'],
  ['src/display/paint.ts', "import 'chalk';", 'display-is-pure-text'],
  ['src/display/rows.ts', "import type {} from '../ui/app.ts';", 'display-is-pure-text'],
  ['src/display/print.ts', "import 'node:fs';", 'display-is-pure-text'],
  ['etl/tasks/plan.ts', "import type {} from '../../src/engine/index.ts';", 'tasks-are-plain-programs'],
  ['src/cli/sample.ts', "import '../../etl/task-main.ts';", 'program-knows-no-task'],
  ['src/ui/exit.ts', "import type {} from '../cli/main.ts';", 'nothing-imports-the-command-line'],
  ['src/cli/watch.ts', "import '../ui/app.ts';", 'screen-is-loaded-when-needed'],
  ['src/ui/store/press.ts', "import '../keys/table.ts';", 'store-knows-no-keys'],
  ['src/ui/primitives/row.ts', "import type {} from '../store/view.ts';", 'primitives-know-no-pane'],
  ['src/cli/spinner.ts', "import 'ink';", 'react-stays-in-the-screen'],
];

const packages = [
  'yaml',
  'systeminformation',
  'pg',
  'ink',
  'react',
  'commander',
  'p-limit',
  'chalk',
  '@dbos-inc/dbos-sdk',
];

/** Writes a project of these files, with stand-ins for its packages, and looks at it with the rules of this one. */
async function look(name: string, tree: Tree): Promise<ICruiseResult> {
  const base = join(root, name);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text);
  };
  for (const [path, lines] of Object.entries(tree))
    write(path, `${lines.join('\n')}\nexport const here = '${path}';\n`);
  for (const one of [...packages, 'vitest', 'yargs']) {
    // Like many of the real ones: no "main", and for imports only.
    const manifest = { name: one, version: '1.0.0', type: 'module', exports: { '.': { import: './index.js' } } };
    write(`node_modules/${one}/package.json`, JSON.stringify(manifest));
    write(`node_modules/${one}/index.js`, 'export const here = 1;\n');
  }
  const versions = (names: readonly string[]) => Object.fromEntries(names.map((one) => [one, '1.0.0']));
  const manifest = { type: 'module', devDependencies: versions([...packages, 'vitest']) };
  write('package.json', JSON.stringify(manifest));
  return lookAt(base);
}

async function lookAt(base: string): Promise<ICruiseResult> {
  const { options, forbidden } = config;
  const { enhancedResolveOptions, tsConfig: _tsConfig, ...rest } = options;
  const result = await cruise(
    ['src', 'etl'],
    { ...rest, baseDir: base, ruleSet: { forbidden: [...forbidden] }, validate: true },
    enhancedResolveOptions as object,
    { tsConfig: extractTsConfig(join(projectRoot, 'tsconfig.json')) },
  );
  return result.output as ICruiseResult;
}

function typeScriptFiles(base: string): readonly string[] {
  return ['src', 'etl'].flatMap((folder) =>
    readdirSync(join(base, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) => `${folder}/${path}`),
  );
}

it('a tree without a breach of the import rules passes', async () => {
  const { modules, summary } = await look('lawful', lawful);
  expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  const seen = modules.map(({ source }) => source);
  expect(seen).toEqual(expect.arrayContaining(Object.keys(lawful)));
});

it('every breach of a rule is reported, and nothing else', async () => {
  const tree: Record<string, readonly string[]> = { ...lawful };
  for (const [file, line] of breaches) tree[file] = [...(tree[file] ?? []), line];
  const { summary } = await look('broken', tree);
  const named = new Set(summary.violations.map(({ rule, from }) => `${from}: ${rule.name}`));
  expect([...named].sort()).toEqual([...new Set(breaches.map(([file, , rule]) => `${file}: ${rule}`))].sort());
  expect(summary.error).toBeGreaterThanOrEqual(breaches.length);
});

it('every rule has a planted breach', () => {
  expect(new Set(breaches.map(([, , rule]) => rule))).toEqual(new Set(config.forbidden.map(({ name }) => name)));
});

it('the project keeps its import rules, and every one of its files is checked', async () => {
  const base = projectRoot;
  const { modules, summary } = await lookAt(base);
  expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  const files = typeScriptFiles(base);
  expect(files.length).toBeGreaterThan(200);
  expect(modules.map(({ source }) => source)).toEqual(expect.arrayContaining([...files]));
});
