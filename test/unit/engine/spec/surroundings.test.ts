import { describe, expect, test } from 'vitest';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';
import { diagnosticsOf } from './diagnostics-of.ts';

function specOf(text: string) {
  const { spec, diagnostics } = planPipeline(`version: 1\n${text}`, 'pipeline.yaml');
  expect(diagnostics).toEqual([]);
  return spec!;
}

const hashOf = (text: string) => planPipeline(`version: 1\n${text}`, 'pipeline.yaml').plan!.hash;

describe('shell', () => {
  test('is that of the task, else of the defaults, else of the file; bash is what nobody has to say', () => {
    const { tasks } = specOf(`
shell: sh
defaults: { shell: python3 }
tasks:
  a: { command: print(1), fallback: { command: print(2), note: n } }
  b: { command: "true", shell: bash }
  c: { command: SELECT 1, shell: [duckdb, shop.db, -c] }
  d: { command: [x], shell: sh }
`);
    expect(tasks.map(({ command }) => command)).toEqual([
      { kind: 'shell', script: 'print(1)', shell: ['python3', '-c'] },
      { kind: 'shell', script: 'true' },
      { kind: 'shell', script: 'SELECT 1', shell: ['duckdb', 'shop.db', '-c'] },
      { kind: 'argv', argv: ['x'] },
    ]);
    expect(tasks[0]?.fallback?.command).toMatchObject({ shell: ['python3', '-c'] });
  });

  test('of the file is also that of checks and notifications', () => {
    const spec = specOf(`
shell: sh
tasks: { a: { command: x, notify: { command: tell } } }
checks: [{ name: c, command: look }]
notify: { command: tell }
`);
    const shell = ['sh', '-e', '-c'];
    expect(spec.checks[0]?.definition).toMatchObject({ command: { script: 'look', shell } });
    expect(spec.notify?.[0]?.by).toMatchObject({ command: { script: 'tell', shell } });
    expect(spec.tasks[0]?.notify?.[0]?.by).toMatchObject({ command: { script: 'tell', shell } });
  });

  test('that nobody knows, that is empty or no text is a mistake', () => {
    const mistakes = diagnosticsOf(
      'version: 1\nshell: pyhton3\ntasks:\n  a: { command: x, shell: [] }\n  b: { command: x, shell: [" "] }\n',
    );
    expect(mistakes).toEqual([
      expect.stringMatching(/^spec\/bad-value 2:8 "shell" must be "bash" or "sh" or .*, not "pyhton3"$/),
      'spec/bad-value 4:27 "shell" is empty',
      'spec/bad-value 5:28 the program is empty',
    ]);
  });
});

describe('dir and env_file', () => {
  test('are those of the task, else of the defaults; a dot and an empty list take those of the defaults back', () => {
    const { tasks, envFiles } = specOf(`
env_file: .env
defaults: { dir: dbt, env_file: [a.env, b.env] }
tasks:
  a: { command: [x] }
  b: { command: [x], dir: ./, env_file: [] }
  c: { command: [x], dir: sub/dir, env_file: /etc/c.env }
`);
    const paths = (task: (typeof tasks)[number]) => [task.dir?.path, task.envFiles?.map(({ path }) => path)];
    expect(tasks.map(paths)).toEqual([
      ['dbt', ['a.env', 'b.env']],
      [undefined, undefined],
      ['sub/dir', ['/etc/c.env']],
    ]);
    expect(envFiles).toEqual([{ path: '.env', at: { file: 'pipeline.yaml', line: 3, col: 11, length: 4 } }]);
    expect(tasks[2]?.dir?.at).toMatchObject({ line: 8, col: 27 });
  });

  test('a directory that leads out of the project is a mistake', () => {
    const tasks = ['..', '/tmp', '~/x', 'a/../../b'].map((dir, at) => `  t${at}: { command: [x], dir: ${dir} }\n`);
    expect(diagnosticsOf(`version: 1\ntasks:\n${tasks.join('')}`)).toEqual(
      ['..', '/tmp', '~/x', 'a/../../b'].map(
        (dir, at) => `spec/bad-value ${at + 3}:28 "dir" must be a path inside the project directory, not "${dir}"`,
      ),
    );
  });
});

describe('what decides what runs', () => {
  const plain = 'tasks: { a: { command: x } }';

  test('is in the hash of the plan: shell, directory and files of variables, and not where they stand in the file', () => {
    const all = [
      plain,
      'tasks: { a: { command: x, shell: sh } }',
      'tasks: { a: { command: x, dir: d } }',
      'tasks: { a: { command: x, env_file: e } }',
      `env_file: e\n${plain}`,
    ];
    expect(new Set(all.map(hashOf)).size).toBe(all.length);
    expect(hashOf('tasks: { a: { command: x,   dir: d, env_file: e } }')).toBe(
      hashOf('defaults: { dir: d, env_file: [e] }\n\ntasks: { a: { command: x } }'),
    );
  });

  test('a limit of the run, and what says what is the case anyway, change nothing', () => {
    expect(hashOf(`limits: { run: 4h }\nshell: bash\ndefaults: { dir: ., env_file: [] }\n${plain}`)).toBe(
      hashOf(plain),
    );
  });
});

test('a limit of the run is a duration above zero', () => {
  expect(specOf('limits: { run: 4h }\ntasks: { a: { command: x } }').limits.runMs).toBe(14_400_000);
  expect(diagnosticsOf('version: 1\nlimits: { run: 0 }\ntasks: { a: { command: x } }')).toEqual([
    'spec/bad-value 2:16 "run" is zero',
  ]);
});

test('recipients are a text or a list, each once', () => {
  const { notify } = specOf(
    'notify: [{ webhook: A, to: ann }, { webhook: B, to: [ann, bob, ann] }]\ntasks: { a: { command: x } }',
  );
  expect(notify?.map(({ to }) => to)).toEqual([['ann'], ['ann', 'bob']]);
  expect(diagnosticsOf('version: 1\nnotify: { webhook: A, to: [] }\ntasks: { a: { command: x } }')).toEqual([
    'spec/bad-value 2:27 "to" is empty',
  ]);
});

describe('a schedule', () => {
  test.each([
    ['schedule: "30 5 * * 1-5"', '30 5 * * 1-5 cd PROJECT && etl-tui run pipeline.yaml --ci --wait'],
    ['cron: "@daily"', '@daily cd PROJECT && etl-tui run pipeline.yaml --ci --wait'],
    ['schedule: { every: day }', '0 6 * * * cd PROJECT && etl-tui run pipeline.yaml --ci --wait'],
    ['schedule: every morning at six', '0 6 * * * cd PROJECT && etl-tui run pipeline.yaml --ci --wait'],
  ])('%s is answered with the line for cron', (line, expected) => {
    const [mistake] = planPipeline(`version: 1\n${line}\ntasks: { a: { command: x } }\n`, 'pipeline.yaml').diagnostics;
    expect(mistake?.message).toBe(`the file has no key "${line.split(':')[0]}"`);
    expect(mistake?.hint).toBe(
      `etl-tui starts no runs by itself; let cron do it (crontab -e), or a timer of systemd (docs/operations.md): ${expected}`,
    );
  });
});

test.each([
  ['cwd', 'dir'],
  ['working_directory', 'dir'],
  ['dotenv', 'env_file'],
])('the key %s of another tool is answered with %s', (key, meant) => {
  const { diagnostics } = planPipeline(`version: 1\ntasks: { a: { command: x, ${key}: y } }\n`, 'pipeline.yaml');
  expect(diagnostics[0]?.hint).toBe(`did you mean "${meant}"?`);
});
