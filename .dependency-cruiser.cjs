// Who may import whom; ARCHITECTURE.md says why. Type-only imports count, because they tie rooms together all the same.
// test/unit/import-rules.test.ts plants one breach per rule and expects it to be named.

const pure = 'spec|plan|scheduler|results|masking';
const adapters = 'executors|resources|storage|database|notify';
/** Loaded by an import of its own when it is used, from what the user installed: the only package that is not bundled. */
const notBundled = '@dbos-inc/dbos-sdk';
/** The packages of which the program is made; a further one is a decision. */
const bundled = [
  ...[
    'asciichart',
    'chalk',
    'commander',
    'csv-parse',
    'execa',
    'ink',
    'p-limit',
    'pg',
    'pg-copy-streams',
    'react',
    'slice-ansi',
  ],
  ...['string-width', 'systeminformation', 'undici', 'yaml'],
];
const npm = (names) => `(?:^|/)node_modules/(?:${names})/`;

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'What imports each other in a circle is one thing in several files.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'everything-is-found',
      comment: 'An import that cannot be resolved is seen by no other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'only-bundled-packages',
      comment: 'The program may import what is bundled into it, and no tool of its development: users install neither.',
      severity: 'error',
      from: { path: '^(?:src|etl)/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: [npm(bundled.join('|')), npm(notBundled)],
      },
    },
    {
      name: 'model-imports-nothing',
      comment: 'The nouns of the engine depend on nothing at all.',
      severity: 'error',
      from: { path: '^src/engine/model/' },
      to: { pathNot: '^src/engine/model/' },
    },
    {
      name: 'pure-rooms-know-the-model-only',
      comment:
        'What only thinks needs no files, no clock, no process and no other room; spec reads YAML with a library.',
      severity: 'error',
      from: { path: `^src/engine/(${pure})/` },
      to: { pathNot: ['^src/engine/(?:$1|model)/', npm('yaml')] },
    },
    {
      name: 'yaml-has-two-doors',
      comment: 'Pipelines are read in spec, hand-offs are written and read in one module of storage.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/engine/spec/', '^src/engine/storage/handoffs/handoff-yaml\\.ts$'] },
      to: { path: npm('yaml') },
    },
    {
      name: 'simulation-knows-pure-rooms',
      comment: 'The simulation plays the real scheduler on a clock of its own, and reads neither clock nor file.',
      severity: 'error',
      from: { path: '^src/engine/simulation/' },
      to: { pathNot: '^src/engine/(?:simulation|scheduler|plan|model)/' },
    },
    {
      name: 'runtime-knows-ports-not-node',
      comment: 'The loop works on pure rooms and ports, so that tests can drive it without processes and clocks.',
      severity: 'error',
      from: { path: '^src/engine/runtime/' },
      to: { pathNot: [`^src/engine/(?:runtime|model|${pure})/`, '^src/engine/ports\\.ts$'] },
    },
    {
      name: 'adapters-know-model-and-ports',
      comment: 'An adapter can be replaced because it knows neither its neighbours nor who uses it.',
      severity: 'error',
      from: { path: `^src/engine/(${adapters})/` },
      to: {
        path: '^(?:src|etl)/',
        pathNot: ['^src/engine/(?:$1|model|platform|masking|queue)/', '^src/engine/ports\\.ts$'],
      },
    },
    {
      name: 'queue-is-shared-by-hosts',
      comment: 'What hosts share in PostgreSQL knows neither who starts tasks nor who decides.',
      severity: 'error',
      from: { path: '^src/engine/queue/' },
      to: {
        path: '^(?:src|etl)/',
        pathNot: ['^src/engine/(?:queue|model|platform|masking|database/connection)/', '^src/engine/ports\\.ts$'],
      },
    },
    {
      name: 'queue-is-loaded-when-needed',
      comment: 'Who runs on one machine pays nothing for many; a type costs nothing.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: '^src/engine/(?:queue/|worker/|executors/(?:queue|slurm)/|run/parts/(?:queue|slurm)-adapters\\.ts$)',
      },
      to: {
        path: '^src/engine/(?:queue|worker|executors/(?:queue|slurm))/',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'dbos-has-one-door',
      comment: 'Its interface changes with each major version; one folder knows it.',
      severity: 'error',
      from: { path: '^(?:src|etl)/', pathNot: '^src/engine/queue/dbos/' },
      to: { path: npm(notBundled) },
    },
    {
      name: 'platform-is-a-leaf',
      comment: 'What all adapters share knows none of them.',
      severity: 'error',
      from: { path: '^src/engine/platform/' },
      to: { path: '^(?:src|etl)/', pathNot: ['^src/engine/(?:platform|model)/', '^src/engine/ports\\.ts$'] },
    },
    {
      name: 'processes-are-started-in-one-room',
      comment:
        'Whatever the engine starts must be ended with it; database starts a server that outlives it, notify ends its commands after seconds, and a program that asks the kernel for a lock answers at once.',
      severity: 'error',
      from: {
        path: '^src/engine/',
        pathNot: ['^src/engine/(?:executors|database|notify)/', '^src/engine/storage/locks/kernel-lock\\.ts$'],
      },
      to: { path: '^(?:node:)?(?:child_process|cluster)$' },
    },
    {
      name: 'processes-know-no-executor',
      comment: 'How one attempt runs as a process is the same below the local executor and in a worker.',
      severity: 'error',
      from: { path: '^src/engine/executors/process/' },
      to: { path: '^src/engine/executors/', pathNot: '^src/engine/executors/process/' },
    },
    {
      name: 'verify-runs-by-the-front-door',
      comment:
        'What is proved must be what users run: no task is started but by a run, and no event is seen but its own.',
      severity: 'error',
      from: { path: '^src/engine/verify/' },
      to: { path: '^src/engine/(?:scheduler|runtime|executors|simulation|run/(?:attempts|checks|preflight|records))/' },
    },
    {
      name: 'engine-knows-no-screen',
      comment: 'The engine says what happened; how it looks is for others.',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { path: ['^src/(?:ui|cli|display)/', npm('ink|react|commander|chalk|asciichart|slice-ansi|string-width')] },
    },
    {
      name: 'engine-has-one-front-door',
      comment: 'Command line and screen, and what both say, use what src/engine/index.ts offers.',
      severity: 'error',
      from: { path: '^src/(?:cli|ui|display)/' },
      to: { path: '^src/engine/', pathNot: '^src/engine/index\\.ts$' },
    },
    {
      name: 'display-is-pure-text',
      comment: 'What command line and screen both say knows neither of them, no file, no clock and no library.',
      severity: 'error',
      from: { path: '^src/display/' },
      to: { pathNot: '^src/(?:display|engine)/' },
    },
    {
      name: 'tasks-are-plain-programs',
      comment: 'The tasks of the bundled pipeline run the same by hand, and use nothing of the program.',
      severity: 'error',
      from: { path: '^etl/' },
      to: { path: '^src/' },
    },
    {
      name: 'program-knows-no-task',
      comment: 'The bundled pipeline is one of many; the program knows it by its file only.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^etl/' },
    },
    {
      name: 'nothing-imports-the-command-line',
      comment: 'The command line is the outermost room.',
      severity: 'error',
      from: { pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'screen-is-loaded-when-needed',
      comment: 'Without a terminal nobody pays for React; a type costs nothing.',
      severity: 'error',
      from: { pathNot: '^src/ui/' },
      to: { path: '^src/ui/', dynamic: false, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'store-knows-no-keys',
      comment: 'The store applies changes, whatever asks for them; keys and drawing know the store, not the reverse.',
      severity: 'error',
      from: { path: '^src/ui/store/' },
      to: { path: '^src/ui/(?:keys|bars|terminal)/|^src/ui/panes/registry\\.ts$|^src/ui/(?:app|run-ui)\\.tsx$' },
    },
    {
      name: 'primitives-know-no-pane',
      comment: 'Lines, borders and text measure and paint for every pane, and know none of them.',
      severity: 'error',
      from: { path: '^src/ui/primitives/' },
      to: { path: '^src/ui/', pathNot: ['^src/ui/primitives/', '^src/ui/(?:theme|layout)\\.ts$'] },
    },
    {
      name: 'react-stays-in-the-screen',
      comment: 'What draws with React belongs to the screen.',
      severity: 'error',
      from: { path: '^(?:src/cli|etl)/' },
      to: { path: npm('ink|react') },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    // Type-only imports exist before compilation only.
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    doNotFollow: { path: 'node_modules' },
    // Without these two, packages that say what they offer by "exports" are not found, and breaches go unseen.
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
