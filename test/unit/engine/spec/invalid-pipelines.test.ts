import { describe, expect, it } from 'vitest';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';
import { diagnosticsOf } from './diagnostics-of.ts';

/** Two tasks in one line, for files whose mistake is elsewhere. */
const ab = 'tasks: { a: { command: [x] }, b: { command: [x], dependencies: [a] } }';

function hintsOf(text: string) {
  return planPipeline(text, 'pipeline.yaml').diagnostics.map(({ hint }) => hint);
}

describe('a file that is not a pipeline', () => {
  it.each([
    ['nothing', '', 'spec/bad-type 1:1 the file is empty'],
    ['comments only', '# soon\n\n', 'spec/bad-type 1:1 the file is empty'],
    ['an empty document', '---\n', 'spec/bad-type 1:1 the file is empty'],
    ['a list', '- a', 'spec/bad-type 1:1 the file must be a mapping of keys and values, not a list'],
    ['a text', 'hello', 'spec/bad-type 1:1 the file must be a mapping of keys and values, not "hello"'],
    ['null', '~', 'spec/bad-type 1:1 the file has no value'],
    [
      'bytes',
      'name: x\nab\0c',
      'spec/unreadable 2:3 the file contains a control character (U+0000), so it is not YAML',
    ],
    [
      'half a character',
      'name: \ud83d',
      'spec/unreadable 1:7 the file contains a control character (U+D83D), so it is not YAML',
    ],
    [
      'old line ends',
      'a: 1\rb: 2',
      'spec/unreadable 1:5 the file contains a control character (U+000D), so it is not YAML',
    ],
    ['no tasks', 'version: 1', 'plan/no-tasks 1:1 the pipeline has no tasks'],
    ['an empty registry', 'tasks: {}', 'plan/no-tasks 1:1 the pipeline has no tasks'],
  ])('is refused: %s', (_, text, mistake) => {
    expect(diagnosticsOf(text)).toEqual([mistake]);
  });

  it('is refused above 1 MiB, measured in bytes', () => {
    const mistake = 'spec/too-large 1:1 the file is larger than 1 MiB';
    const padded = (padding: string) => `${ab}\n#${padding}`;
    const room = 1_048_576 - padded('').length;
    expect(diagnosticsOf(padded('x'.repeat(room)))).toEqual([]);
    expect(diagnosticsOf(padded('x'.repeat(room + 1)))).toEqual([mistake]);
    expect(diagnosticsOf(padded('é'.repeat(room - 1)))).toEqual([mistake]);
  });
});

describe('invalid YAML', () => {
  it.each<[string, string, readonly string[]]>([
    ['a tab', 'tasks:\n\ta: { command: [x] }\n', ['spec/yaml-syntax 2:1 tabs are not allowed as indentation']],
    [
      'a tab behind spaces',
      'tasks:\n  \ta: { command: [x] }\n',
      ['spec/yaml-syntax 2:3 tabs are not allowed as indentation'],
    ],
    [
      'a brace that stays open',
      'tasks:\n  a: { command: [x],\n  b: { command: [x] }\npipelines:\n  l: [a, zzz]\n',
      ['spec/yaml-syntax 2:6 "{" is never closed'],
    ],
    [
      'braces that stay open on two lines',
      'tasks:\n  a: { command: [x]\n  b: { command: [x]\nname: x\n',
      ['spec/yaml-syntax 2:6 "{" is never closed', 'spec/yaml-syntax 3:6 "{" is never closed'],
    ],
    ['a bracket that stays open to the end of the file', 'name: [', ['spec/yaml-syntax 1:7 "[" is never closed']],
    [
      'the wrong bracket',
      'tasks: { a: { command: [x }, retries: 5 }\n',
      ['spec/yaml-syntax 1:27 "}" where "]" is expected'],
    ],
    ['a quote that stays open', `name: "abc\n${ab}`, ['spec/yaml-syntax 1:7 this quote is never closed']],
    ['a second colon', 'tasks:\n  a:\n    command: echo a: b\n', ['spec/yaml-syntax 3:20 a second ": " on one line']],
    [
      'a line out of its column',
      'tasks:\n  a:\n    command: [x]\n     timeout: 5\n    retries: x\n',
      ['spec/yaml-syntax 4:6 this line is not aligned with the keys around it'],
    ],
    [
      'a line out of its column, below a comment',
      'tasks:\n  a:\n    command: [x]\n\n     # soon\n     timeout: 5\n',
      ['spec/yaml-syntax 6:6 this line is not aligned with the keys around it'],
    ],
    [
      'a key below a text, out of its column',
      'tasks:\n  a:\n    command: x\n     timeout: 5\n    retries: 1\n',
      ['spec/yaml-syntax 4:6 this line continues the text above, but looks like a key'],
    ],
    [
      'a dash out of its column',
      'checks:\n  - name: a\n   - name: b\n',
      ['spec/yaml-syntax 3:4 this dash is not aligned with its list'],
    ],
    [
      'a dash left of its list',
      'checks:\n  - name: a\n - name: b\n',
      ['spec/yaml-syntax 3:2 this dash is not aligned with its list'],
    ],
    ['a line that is no key', `${ab}\nhello\n`, ['spec/yaml-syntax 2:1 a key with a colon is expected here']],
    [
      'a colon without its space',
      'tasks:\n  a:\n    retries:5\n    timeout: 3\n',
      ['spec/yaml-syntax 3:5 a key with a colon is expected here'],
    ],
    ['a key over two lines', '"a\n b": c\n', ['spec/yaml-syntax 1:1 a key and its colon must be on one line']],
    ['an endless key', `${'x'.repeat(1_100)}: y`, ['spec/yaml-syntax 1:1 a key may have at most 1,024 characters']],
    [
      'texts that need quotes',
      'name: @x\ndescription: `y\nversion: %z\n',
      [
        'spec/yaml-syntax 1:7 a text may not begin with "@"',
        'spec/yaml-syntax 2:14 a text may not begin with "`"',
        'spec/yaml-syntax 3:10 a text may not begin with "%"',
      ],
    ],
    [
      'a script indented with tabs',
      'tasks:\n  a:\n    command: |\n\techo\n',
      ['spec/yaml-syntax 4:2 this text must be indented deeper than its key and the empty lines above it'],
    ],
    [
      'a script behind its sign',
      'name: |x\n  y\n',
      ['spec/yaml-syntax 1:8 only "+", "-" or a digit may follow "|" or ">"'],
    ],
    [
      'a script below deeper empty lines',
      'name: |\n\n    \n  y\n',
      ['spec/yaml-syntax 4:3 this text must be indented deeper than its key and the empty lines above it'],
    ],
    ['a comment without its space', 'name: "x"#c\n', ['spec/yaml-syntax 1:10 a comment needs a space before its "#"']],
    [
      'a list on the line of its key',
      'name: - b\n',
      ['spec/yaml-syntax 1:7 a list must not begin on the line of its key'],
    ],
    ['a list in brackets', 'a: [\n  - b\n]\n', ['spec/yaml-syntax 2:3 a comma or a pair of brackets is missing']],
    [
      'no comma',
      'tasks: { a: { command: ["x" "y"] } }',
      ['spec/yaml-syntax 1:29 a comma or a closing bracket is missing before this'],
    ],
    ['no colon', '{ "name" "x" }', ['spec/yaml-syntax 1:10 a colon or a comma is missing before this']],
    [
      'a bracket that was never opened',
      `${ab}\n]\nname: x\n`,
      ['spec/yaml-syntax 2:1 this does not continue the lines above'],
    ],
    ['a key on the line of a document mark', `--- name: x\n`, ['spec/yaml-syntax 1:5 "---" must be alone on its line']],
    [
      'Windows line ends',
      'name: "\\q"\r\ntasks: { a: { command: [x }\r\n',
      ['spec/yaml-syntax 1:8 invalid escape sequence \\q', 'spec/yaml-syntax 2:27 "}" where "]" is expected'],
    ],
    ['letters of two units', 'name: "😀" 😀\n', ['spec/yaml-syntax 1:12 the value ends before this']],
    ['a wrong escape', `name: "\\q"\n${ab}`, ['spec/yaml-syntax 1:8 invalid escape sequence \\q']],
    ['text behind a value', `name: "a" b\n${ab}`, ['spec/yaml-syntax 1:11 the value ends before this']],
    [
      'a pair in a list',
      'tasks: { a: { command: [x: y] } }',
      ['spec/unsupported-yaml 1:25 a "key: value" pair in a list needs braces'],
    ],
    ['two commas', 'tasks: { a: { command: [x,, y] } }', ['spec/yaml-syntax 1:27 there is nothing before this comma']],
  ])('is reported with its place: %s', (_, text, mistakes) => {
    expect(diagnosticsOf(text)).toEqual(mistakes);
  });

  it('is reported alone, because what follows could only be guessed', () => {
    const text = 'name: "\\q"\ntasks:\n  a: { command: [x], timeout: soon }\n  b: { command: x: y }\n';
    expect(diagnosticsOf(text)).toEqual([
      'spec/yaml-syntax 1:8 invalid escape sequence \\q',
      'spec/yaml-syntax 4:17 a comma or a pair of brackets is missing',
    ]);
  });

  it('with a tab is reported once, and nothing that follows from it', () => {
    expect(diagnosticsOf('tasks:\n  a:\n\t\tcommand: [x]\n\t\tretries: 5\n  b:\n\t\tcommand: [x]\n')).toEqual([
      'spec/yaml-syntax 3:1 tabs are not allowed as indentation',
    ]);
  });

  it.each([
    ['tasks:\n\ta: 1\n', 'indent with spaces'],
    ['tasks:\n  a:\n    command: [x]\n    retries:5\n', 'put a space after the colon'],
    ['tasks: { a: { command: [x], retries:5 } }', 'put a space after the colon'],
    ['name: a: b\n', "write name: 'a: b'"],
    ['? a: b: c\n', 'put the text in quotes if the colon is part of it'],
    ['name: [a\n', 'close it with "]", and indent its further lines'],
    ['name: "a\n', 'close it, and indent its further lines'],
    ['a: 1\n b: 2\n', 'check the indentation: keys that belong together begin in the same column'],
  ])('has a hint: %j', (text, hint) => {
    expect(hintsOf(text)).toContain(hint);
  });
});

describe('YAML made to overload its parser', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'anchors and aliases',
      'tasks:\n  a: &x { command: [x] }\n  b: *x\n',
      [
        'spec/unsupported-yaml 2:6 anchors (&name) are not supported',
        'spec/unsupported-yaml 3:6 aliases (*name) are not supported',
      ],
    ],
    [
      'an anchor above a list',
      'tasks: { a: { command: [x] } }\npipelines:\n  l: &l\n  - a\n',
      ['spec/unsupported-yaml 3:6 anchors (&name) are not supported'],
    ],
    [
      'merge keys',
      'tasks:\n  a:\n    <<: { timeout: 5 }\n    command: [x]\n',
      ['spec/unsupported-yaml 3:5 merge keys are not supported'],
    ],
    ['tags', 'tasks:\n  a: { command: !!str x }\n', ['spec/unsupported-yaml 2:17 tags (!name) are not supported']],
    [
      'keys behind a question mark',
      `${ab}\n? name\n: x\n`,
      ['spec/unsupported-yaml 2:1 keys with "?" are not supported'],
    ],
    [
      'a second document',
      `${ab}\n---\n${ab}`,
      ['spec/unsupported-yaml 2:1 a file must have one document, but a second one begins here'],
    ],
    ['directives', `%YAML 1.2\n---\n${ab}`, ['spec/unsupported-yaml 1:1 directives (%NAME) are not supported']],
    [
      'keys of JavaScript',
      'tasks:\n  __proto__: { command: [x] }\n  constructor: { command: [x] }\nprototype: 1\n',
      [
        'spec/forbidden-key 2:3 "__proto__" is not allowed as a key',
        'spec/forbidden-key 3:3 "constructor" is not allowed as a key',
        'spec/forbidden-key 4:1 "prototype" is not allowed as a key',
      ],
    ],
    [
      'brackets without end',
      `tasks: ${'['.repeat(100_000)}`,
      ['spec/unsupported-yaml 1:71 nested deeper than 64 levels'],
    ],
    [
      'braces without end',
      `tasks: ${'{a: '.repeat(100_000)}`,
      ['spec/unsupported-yaml 1:260 nested deeper than 64 levels'],
    ],
  ])('is refused: %s', (_, text, mistakes) => {
    expect(diagnosticsOf(text).filter((one) => !one.includes('has no key'))).toEqual(mistakes);
    expect(({} as Record<string, unknown>)['command']).toBeUndefined();
  });

  it.each([
    ['aliases of aliases', `a: &a [x,x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*a,*a]`).join('\n')}`],
    ['anchors in a row', `name: ${'&a '.repeat(30_000)}`],
    ['anchors behind a mistake', `name: ] ${'&a '.repeat(300_000)}`],
    ['tags in a row', `- ${'!t '.repeat(30_000)}`],
    ['dashes in a row', '- '.repeat(500_000)],
    ['question marks in a row', '? '.repeat(500_000)],
    ['tags in a list', `[${'!t '.repeat(30_000)}`],
    ['deep indentation', Array.from({ length: 1_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['quotes', '"'.repeat(50_000)],
    ['commas', `[${','.repeat(50_000)}`],
    ['escapes', `"${'\\q'.repeat(50_000)}"`],
    ['closing brackets', ']'.repeat(1_000_000)],
    ['opening brackets', '['.repeat(1_000_000)],
    ['apostrophes', "'".repeat(1_000_000)],
  ])('is refused without a throw: %s', (_, text) => {
    expect(diagnosticsOf(text)).not.toEqual([]);
  });
});

describe('a mistake in keys', () => {
  it('names both places of a duplicate key', () => {
    const text = 'tasks:\n  a: { command: [x] }\n  a: { command: [x], command: [y] }\n';
    const { diagnostics } = planPipeline(text, 'pipeline.yaml');
    expect(diagnostics).toMatchObject([
      {
        code: 'spec/duplicate-key',
        message: '"a" is given twice',
        at: { file: 'pipeline.yaml', line: 3, col: 3, length: 1 },
        related: [{ message: 'it was given here before', at: { file: 'pipeline.yaml', line: 2, col: 3, length: 1 } }],
      },
      { code: 'spec/duplicate-key', message: '"command" is given twice', at: { line: 3, col: 22, length: 7 } },
    ]);
  });

  it('suggests the nearest key', () => {
    const text = 'taskss: {}\ntasks:\n  a: { cmd: [x], tiemout: 5, timeoutSeconds: 5, zzz: 1 }\n';
    expect(diagnosticsOf(text)).toEqual([
      'spec/unknown-key 1:1 the file has no key "taskss"',
      'spec/unknown-key 3:8 a task has no key "cmd"',
      'spec/unknown-key 3:18 a task has no key "tiemout"',
      'spec/unknown-key 3:30 a task has no key "timeoutSeconds"',
      'spec/unknown-key 3:49 a task has no key "zzz"',
    ]);
    const hints = hintsOf(text);
    expect(hints.slice(0, 4)).toEqual([
      'did you mean "tasks"?',
      'did you mean "command"?',
      'did you mean "timeout"?',
      'did you mean "timeout_seconds"?',
    ]);
    expect(hints[4]).toMatch(/^a task may have: command, description, dependencies, timeout, /);
  });

  it('is a key together with its synonym', () => {
    expect(
      diagnosticsOf('tasks: { a: { command: [x], timeout: 1, timeout_seconds: 1, retry_count: 1, retries: 1 } }'),
    ).toEqual([
      'spec/duplicate-key 1:41 "timeout_seconds" and "timeout" mean the same',
      'spec/duplicate-key 1:77 "retries" and "retry_count" mean the same',
    ]);
  });

  it('is a colon without its space', () => {
    const text = 'tasks:\n  a:\n    command:[x]\n';
    expect(diagnosticsOf(text)).toEqual([
      'spec/bad-type 3:5 task "a" must be a mapping of keys and values, not "command:[x]"',
    ]);
    expect(hintsOf(text)).toEqual(['put a space after the colon']);
  });

  it('is a missing key', () => {
    expect(
      diagnosticsOf('tasks:\n  a: { timeout: 5 }\n  b:\n  c: { command: [x], fallback: { command: [y] } }\n'),
    ).toEqual([
      'spec/missing-key 2:8 task "a" has no "command"',
      'spec/bad-type 3:3 task "b" has no value',
      'spec/missing-key 4:34 "fallback" has no "note"',
    ]);
  });
});

describe('names', () => {
  const form = 'is not a valid name';
  it.each(['../x', 'a/b', '', '.hidden', '-dash', 'a b', 'é', 'n'.repeat(101)])(
    'are refused when they are not a valid file name: %j',
    (name) => {
      const text = `tasks:\n  ${JSON.stringify(name)}: { command: [x] }\n`;
      expect(diagnosticsOf(text)).toEqual([`spec/bad-name 2:3 "${name}" ${form}`]);
    },
  );

  it('are refused with control characters', () => {
    expect(diagnosticsOf('tasks: { "a\\0b": { command: [x] }, "\\e[31m": { command: [x] } }')).toEqual([
      `spec/bad-name 1:10 "a\0b" ${form}`,
      `spec/bad-name 1:36 "\u001b[31m" ${form}`,
    ]);
  });

  it('are shortened in messages when they are very long', () => {
    const [mistake] = diagnosticsOf(`tasks: { ${'n'.repeat(500_000)}: { command: [x] } }`);
    expect(mistake).toMatch(/^spec\/bad-name 1:10 "n{299}…$/);
  });

  it('may be a hundred letters long, and be JavaScript property names', () => {
    expect(diagnosticsOf(`tasks: { ${'n'.repeat(100)}: { command: [x] }, toString: { command: [x] } }`)).toEqual([]);
  });

  it('of tasks may not differ in case only', () => {
    const inLevel = 'tasks: { load: { command: [x] } }\npipelines: { l: [load, { name: Load, command: x }] }';
    expect(diagnosticsOf(inLevel)).toEqual([
      'plan/duplicate-task 2:32 tasks "load" and "Load" differ in upper and lower case only',
    ]);
  });

  it('of checks, pools, levels, parameters and variables have rules too', () => {
    const text = `name: a/b
params: { Seasons: {} }
env: { 1X: y, A-B: y }
pools: { "a b": 1 }
${ab}
pipelines: { l/1: [a, b] }
checks: [{ name: "c c", sql: s }]
`;
    expect(diagnosticsOf(text)).toEqual([
      'spec/bad-name 1:7 "name" must be a name of letters, digits, "_", "-" and ".", not "a/b"',
      `spec/bad-name 2:11 "Seasons" ${form}`,
      `spec/bad-name 3:8 "1X" ${form}`,
      `spec/bad-name 3:15 "A-B" ${form}`,
      `spec/bad-name 4:10 "a b" ${form}`,
      `spec/bad-name 6:14 "l/1" ${form}`,
      'spec/bad-name 7:18 "name" must be a name of letters, digits, "_", "-" and ".", not "c c"',
    ]);
  });
});

describe('invalid values', () => {
  it.each([
    ['timeout: 0', '"timeout" is zero'],
    ['timeout: -5', '"timeout" is negative'],
    ['timeout: 5 min', '"timeout" must be a duration such as 500ms, 30s, 10m or 2h, not "5 min"'],
    ['timeout: 9000h', '"timeout" is longer than a year'],
    ['timeout: ~', '"timeout" has no value'],
    ['timeout:', '"timeout" has no value'],
    ['timeout: [5]', '"timeout" must be a duration such as 500ms, 30s, 10m or 2h, not a list'],
    ['retries: -1', '"retries" must be a whole number from 0 to 1000, not -1'],
    ['retries: 1.5', '"retries" must be a whole number from 0 to 1000, not 1.5'],
    ['retries: "2"', '"retries" must be a whole number from 0 to 1000, not "2"'],
    ['retry_count: many', '"retry_count" must be a whole number from 0 to 1000, not "many"'],
    ['connections: -1', '"connections" must be a whole number from 0 to 10000, not -1'],
    ['critical: yes', '"critical" must be true or false, not "yes"'],
    ['kill_grace: -1s', '"kill_grace" must be a duration such as 500ms, 30s, 10m or 2h, not "-1s"'],
    ['isolation: pidns', '"isolation" must be "none" or "pid", not "pidns"'],
    ['isolation: true', '"isolation" must be "none" or "pid", not true'],
    ['timeout: 80%', '"timeout" must be from 101% to 9999%, not 80%'],
    ['timeout: 2.5%', '"timeout" must be from 101% to 9999%, not 2.5%'],
    ['backoff: { initial: 5m, max: 1s }', 'the backoff starts at 5m, but its maximum is 1s'],
    ['backoff: { initial: 5m }', 'the backoff starts at 5m, but its maximum is 1m'],
    ['backoff: { factor: 0.5 }', '"factor" must be a number from 1 to 100, not 0.5'],
    ['backoff: 5s', '"backoff" must be a mapping of keys and values, not "5s"'],
    ['retry_on: {}', '"retry_on" is empty, so nothing would be retried'],
    ['retry_on: { exit_codes: [0] }', 'each exit code must be a whole number from 1 to 255, not 0'],
    ['retry_on: { output: [" "] }', 'each text is empty'],
    ['outputs: [../x]', 'each output must be a path inside the project directory, not "../x"'],
    ['outputs: [a/../../x]', 'each output must be a path inside the project directory, not "a/../../x"'],
    ['outputs: [/etc/passwd]', 'each output must be a path inside the project directory, not "/etc/passwd"'],
    ['outputs: [~/x]', 'each output must be a path inside the project directory, not "~/x"'],
    ['dependencies: a', '"dependencies" must be a list of task names, not "a"'],
    ['dependencies: ~', '"dependencies" has no value'],
    ['env: { A: ~ }', '"A" has no value'],
    ['env: { A: , B: x }', '"A" has no value'],
    ['env: { A: [x] }', '"A" must be text, not a list'],
    ['env: { A: "a\\0b" }', '"A" contains a NUL character'],
    ['description: 5', '"description" must be text, not 5'],
  ])('are refused: %s', (line, message) => {
    const found = diagnosticsOf(`tasks:\n  a:\n    command: [x]\n    ${line}\n`);
    expect(found.map((one) => one.replace(/^\S+ 4:\d+ /, ''))).toEqual([message]);
  });

  it.each([
    ['command: []', '4:14 "command" is empty'],
    ['command: "  "', '4:14 "command" is empty'],
    ['command: ["", x]', '4:15 the program is empty'],
    ['command: [[x]]', '4:15 each part of the command must be text, not a list'],
    ['command: 5', '4:14 "command" must be a shell command, not 5'],
    [
      'command: { run: x }',
      '4:14 "command" must be a shell command, or a list of a program and its arguments, not a mapping',
    ],
    [`command: "load \${param:seasons}"`, `4:14 "command" has \${param:seasons}, but no values are filled in there`],
    [
      `command: "load \${{ params.seasons }}"`,
      `4:14 "command" has \${{ params.seasons }}, but no values are filled in there`,
    ],
    [`command: "load \${matrix:season}"`, `4:14 "command" has \${matrix:season}, but no values are filled in there`],
    [
      `command: [load, "\${env:HOME}"]`,
      `4:21 each part of the command has \${env:HOME}, but no values are filled in there`,
    ],
  ])('are refused as a command: %s', (line, mistake) => {
    const found = diagnosticsOf(`tasks:\n  a:\n    retries: 1\n    ${line}\n`);
    expect(found.map((one) => one.replace(/^\S+ /, ''))).toEqual([mistake]);
  });

  it.each([
    ['dir: "in/${param:p}"', '"dir" has ${param:p}, but no values are filled in there'],
    ['env_file: "${env:HOME}/.env"', '"env_file" has ${env:HOME}, but no values are filled in there'],
    [
      'inputs: ["in/$ETL_PARAM_P.csv"]',
      'each input has a variable in "in/$ETL_PARAM_P.csv", but no values are filled in there',
    ],
    [
      'outputs: ["out/${param:p}.csv"]',
      'each output has a variable in "out/${param:p}.csv", but no values are filled in there',
    ],
    [
      'wait_for: { pipeline: "../${param:p}", params: [p] }',
      '"pipeline" has ${param:p}, but no values are filled in there',
    ],
  ])('are refused where nothing is filled in: %s', (line, mistake) => {
    const found = diagnosticsOf(`params: { p: { default: a } }\ntasks:\n  a:\n    command: x\n    ${line}\n`);
    expect(found.map((one) => one.replace(/^\S+ \S+ /, ''))).toEqual([mistake]);
  });

  it.each(['${env:-prod}', '${param:?missing}', '${env:0:3}', '${matrix:=x}'])(
    'are not what bash knows of variables with the same names: %s',
    (expansion) => {
      expect(diagnosticsOf(`tasks:\n  a:\n    command: 'echo "${expansion}"'\n`)).toEqual([]);
    },
  );

  it.each(['many', '"8"', '2.5'])(
    'are refused as the number of parallel tasks, with all that it may be: %s',
    (given) => {
      const [mistake] = diagnosticsOf(`limits: { max_parallel: ${given} }\n`);
      expect(mistake).toContain(
        `"max_parallel" must be "auto" or a whole number from 1 to 1000, not ${given === 'many' ? '"many"' : given}`,
      );
    },
  );

  it.each([
    ['cpu: [0.8, 0.6]', 'spec/bad-value 1:14 "cpu" must begin with the lower share'],
    ['cpu: [0.8]', 'spec/bad-value 1:14 "cpu" must be two shares, not 1'],
    ['cpu: [60, 80]', 'spec/bad-value 1:15 each share must be a share above 0 and at most 1, not 60'],
    ['cpu: 80', 'spec/bad-value 1:14 "cpu" must be a share above 0 and at most 1, not 80'],
    ['disk_io: 200', 'spec/bad-type 1:18 "disk_io" must be a size such as 512MB or 2GB, not 200'],
    ['on_miss: stop', 'spec/bad-value 1:18 "on_miss" must be "warn" or "fail", not "stop"'],
  ])('are refused in an SLA: %s', (line, mistake) => {
    expect(diagnosticsOf(`slas: { ${line} }\n${ab}\n`)[0]).toBe(mistake);
  });

  it('are refused in limits, success criteria and hand-offs', () => {
    const text = `version: 2
limits: { max_parallel: 0, cpu: 80, memory: 85%, db_connections: 1.5 }
slas: { run: 0, speedup: 0.5, success_rate: 95 }
handoffs: { on_failure: {}, on_degradation: { to: x, factor: 0 }, on_success: { to: x }, directory: "" }
pools: { p: -1, q: 1.5 }
${ab}
`;
    expect(diagnosticsOf(text)).toEqual([
      'spec/bad-value 1:10 the file has version 2, but this etl-tui supports only version 1',
      'spec/bad-value 2:25 "max_parallel" must be "auto" or a whole number from 1 to 1000, not 0',
      'spec/bad-value 2:33 "cpu" must be a share above 0 and at most 1, not 80',
      'spec/bad-type 2:45 "memory" must be a share above 0 and at most 1, not "85%"',
      'spec/bad-value 2:66 "db_connections" must be a share above 0 and at most 1, not 1.5',
      'spec/bad-value 3:14 "run" is zero',
      'spec/bad-value 3:26 "speedup" must be a number from 1 to 1000, not 0.5',
      'spec/bad-value 3:45 "success_rate" must be a share above 0 and at most 1, not 95',
      'spec/missing-key 4:25 "on_failure" has no "to"',
      'spec/bad-value 4:62 "factor" must be a number from 1 to 1000, not 0',
      'spec/missing-key 4:81 "on_success" has no "dataset"',
      'spec/bad-value 4:101 "directory" is empty',
      'spec/bad-value 5:13 pool "p" must be a whole number from 0 to 1000000, not -1',
      'spec/bad-value 5:20 pool "q" must be a whole number from 0 to 1000000, not 1.5',
    ]);
  });

  it('are refused in notifications, without a word of what may be a secret address', () => {
    const text = `notify:
  - { on: [failure] }
  - { command: x, webhook: HOOK }
  - { webhook: "https://hooks.example/secret" }
  - { webhook: "\${param:hook}" }
  - { command: x, on: [] }
  - { command: x, on: [fail] }
${ab}
`;
    expect(diagnosticsOf(text)).toEqual([
      'spec/missing-key 2:5 a notification has neither a "command" nor a "webhook"',
      'spec/bad-value 3:28 a notification has both a "command" and a "webhook"',
      'spec/bad-value 4:16 "webhook" must be the name of the environment variable that holds the address',
      'spec/bad-value 5:16 "webhook" must be the name of the environment variable that holds the address',
      'spec/bad-value 6:23 "on" is empty',
      'spec/bad-value 7:24 each of "on" must be "failure" or "degradation" or "success", not "fail"',
    ]);
  });

  it.each([
    ['5 min', 'write 5m'],
    ['10 Seconds', 'write 10s'],
    ['250 msec', 'write 250ms'],
    ['1d', 'write 24h'],
    ['1h30m', 'write 90m'],
  ])('have a hint with the valid form: %s', (written, hint) => {
    expect(hintsOf(`tasks: { a: { command: [x], timeout: ${written} } }`)).toEqual([hint]);
  });
});

describe('parameters and variables without effect', () => {
  it('are reported at their place', () => {
    const text = `params:
  a: { default: x, pattern: "[" }
  b: { default: x, pattern: "^\\\\d+$" }
  c: 5
env: { A: "\${param:aa}", B: "\${env:HOME}", C: "\${x}", D: "$\${ok}", E: "\${param:a", F: "\${param:b}/x" }
tasks:
  t: { command: [x], env: { G: "\${param:zz}" } }
`;
    expect(diagnosticsOf(text)).toEqual([
      'spec/bad-value 2:29 "[" cannot be used as a pattern: unterminated character class',
      'spec/bad-value 3:17 the default of parameter "b" does not match its pattern ^\\d+$',
      'spec/bad-type 4:6 parameter "c" must be a mapping of keys and values, not 5',
      'plan/unknown-param 5:11 there is no parameter "aa"',
      `spec/bad-value 5:47 "\${x}" has no meaning here`,
      'spec/bad-value 5:71 "${param:a" has no meaning here',
      'plan/unknown-param 7:32 there is no parameter "zz"',
    ]);
    expect(hintsOf(text)[3]).toBe('declare it under "params"');
  });

  it('are not reported as unknown when the parameters could not be read', () => {
    const text = `params: [a]\nenv: { A: "\${param:a}" }\n${ab}`;
    expect(diagnosticsOf(text)).toEqual([
      'spec/bad-type 1:9 "params" must be a mapping of parameter names to parameters, not a list',
    ]);
  });
});

describe('mistakes in levels', () => {
  it.each<[string, string, readonly string[]]>([
    ['a task in two levels', 'l1: [a, b]\n  l2: [a]', ['plan/duplicate-task 4:8 task "a" is in levels twice']],
    ['a task twice in one level', 'l1: [a, b, a]', ['plan/duplicate-task 3:14 task "a" is in levels twice']],
    [
      'a task that the registry has, too',
      'l1: [a, { name: b, command: y }]',
      ['plan/duplicate-task 3:19 task "b" is defined twice'],
    ],
    [
      'a task without a command',
      'l1: [a, b, { name: c, timeout: 5 }]',
      ['spec/missing-key 3:22 task "c" has no "command"'],
    ],
    ['a task without a name', 'l1: [a, b, { command: c }]', ['spec/missing-key 3:16 each task has no "name"']],
    ['no tasks', 'l1: [a, b]\n  l2: []', ['spec/bad-value 4:7 level "l2" is empty']],
    ['no tasks in a mapping', 'l1: [a, b]\n  l2: {}', ['spec/missing-key 4:7 level "l2" has no "tasks"']],
    ['nothing', 'l1: [a, b]\n  l2:', ['spec/bad-type 4:3 level "l2" has no value']],
    [
      'a name and a mode that contradict',
      'l_parallel: { mode: sequential, tasks: [a, b] }',
      ['spec/bad-value 3:3 level "l_parallel" is "parallel" by its name, but "sequential" by its mode'],
    ],
    [
      'a mode that is none',
      'l: { mode: serial, tasks: [a, b] }',
      ['spec/bad-value 3:14 "mode" must be "parallel" or "sequential", not "serial"'],
    ],
    [
      'a dependency on a level',
      'l1: [a]\n  l2: { dependencies: [l1], tasks: [b] }',
      ['plan/unknown-task 4:24 level "l2" names a task "l1", which does not exist'],
    ],
    [
      'a dependency on its own task',
      'l1: { dependencies: [a], tasks: [a, b] }',
      ['plan/self-dependency 3:24 level "l1" waits for its own task "a"'],
    ],
  ])('are reported: %s', (_, levels, mistakes) => {
    expect(diagnosticsOf(`${ab}\npipelines:\n  ${levels}\n`)).toEqual(mistakes);
  });

  it('do not expand into more dependencies than fit into memory', () => {
    const names = (letter: string) => Array.from({ length: 1_100 }, (_, index) => `${letter}${index}`);
    const tasks = [...names('a'), ...names('b')].map((name) => `${name}: { command: [x] }`);
    const text = `tasks: { ${tasks.join(', ')} }
pipelines:
  l1: [${names('a').join(', ')}]
  l2: { dependencies: [${names('a').join(', ')}], tasks: [${names('b').join(', ')}] }
`;
    expect(diagnosticsOf(text)).toEqual([
      'spec/too-large 4:3 level "l2" has 1100 dependencies for each of 1100 tasks, which is too many',
    ]);
  });
});

describe('mistakes in checks', () => {
  it.each([
    ['name: c', 'spec/missing-key 3:5 check "c" has no "kind"'],
    ['sql: s', 'spec/missing-key 3:5 a check has no "name"'],
    [
      'name: c, kind: uniqe',
      'spec/bad-value 3:20 "kind" must be "references" or "unique" or "not_null" or "accepted_values" or "range" or "row_count" or "same_count" or "freshness" or "sql" or "command", not "uniqe"',
    ],
    [
      'name: c, kind: unique, table: "t; drop", columns: [x]',
      'spec/bad-value 3:35 "table" must be "table" or "schema.table", not "t; drop"',
    ],
    ['name: c, kind: unique, table: t, columns: []', 'spec/bad-value 3:47 "columns" is empty'],
    [
      'name: c, kind: unique, table: t, columns: [t.x]',
      'spec/bad-value 3:48 each column must be the name of a column, without its table, not "t.x"',
    ],
    [
      'name: c, kind: references, child: x, parent: a.b',
      'spec/bad-value 3:39 "child" must be "table.column" or "schema.table.column", not "x"',
    ],
    ['name: c, kind: freshness, column: a.b', 'spec/missing-key 3:5 check "c" has no "max_age"'],
    ['name: c, kind: freshness, column: a.b, max_age: 0', 'spec/bad-value 3:53 "max_age" is zero'],
    [
      'name: c, kind: same_count, left: a, right: b, rigth: c',
      'spec/unknown-key 3:51 a "same_count" check has no key "rigth"',
    ],
    [
      'name: c, sql: s, expect: [1]',
      'spec/bad-type 3:30 "expect" must be a number, a text, true, false or null, not a list',
    ],
    ['name: c, sql: s, on_fail: stop', 'spec/bad-value 3:31 "on_fail" must be "fail" or "warn", not "stop"'],
    ['name: c, sql: s, gate: true', 'spec/bad-value 3:28 "gate: true" needs "after"'],
    ['name: c, sql: s, gate: true, after: []', 'spec/bad-value 3:28 "gate: true" needs "after"'],
    ['name: c, sql: s, gate: []', 'spec/bad-value 3:28 "gate" is empty'],
    [
      'name: c, sql: s, gate: { a: 1 }',
      'spec/bad-type 3:28 "gate" must be true, false or a list of task names, not a mapping',
    ],
    ['name: c, sql: s, gate: [aa]', 'plan/unknown-task 3:29 check "c" names a task "aa", which does not exist'],
    ['name: c, sql: s, before: [aa]', 'plan/unknown-task 3:31 check "c" names a task "aa", which does not exist'],
    ['name: c, kind: range, column: t.x', 'spec/missing-key 3:5 check "c" has no "min" or "max"'],
    [
      'name: c, kind: range, column: t.x, min: 2, max: 1',
      'spec/bad-value 3:45 "min" is 2 but "max" is 1, so nothing could pass',
    ],
    ['name: c, kind: range, column: t.x, min: true', 'spec/bad-type 3:45 "min" must be a number or a text, not true'],
    ['name: c, kind: row_count, table: t', 'spec/missing-key 3:5 check "c" has no "min" or "max" or "within"'],
    [
      'name: c, kind: row_count, table: t, within: 0.2',
      'spec/bad-type 3:49 "within" must be a whole percentage from 1% to 100%, not 0.2',
    ],
    [
      'name: c, kind: row_count, table: t, within: 200%',
      'spec/bad-value 3:49 "within" must be a whole percentage from 1% to 100%, not "200%"',
    ],
    ['name: c, kind: accepted_values, column: t.x, values: []', 'spec/bad-value 3:58 "values" is empty'],
    ['name: c, kind: accepted_values, column: t.x, values: [null]', 'spec/bad-type 3:59 each value has no value'],
    ['name: c, sql: s, where: x > 0', 'spec/unknown-key 3:22 an "sql" check has no key "where"'],
    [
      'name: c, command: "x ${param:p}"',
      'spec/bad-value 3:23 "command" has ${param:p}, but no values are filled in there',
    ],
    [
      'name: c, sql: "SELECT ${param:p}"',
      'spec/bad-value 3:19 "sql" has ${param:p}, but no values are filled in there',
    ],
    [
      'name: c, kind: not_null, table: t, columns: [x], where: "day = ${param:p}"',
      'spec/bad-value 3:61 "where" has ${param:p}, but no values are filled in there',
    ],
    ['name: c, sql: s, after: [aa]', 'plan/unknown-task 3:30 check "c" names a task "aa", which does not exist'],
  ])('are reported: %s', (check, mistake) => {
    expect(
      diagnosticsOf(`${ab}\nchecks:\n  - { ${check} }\n`).map((one) =>
        one.replace(/ 3:(\d+)/, (_, col) => ` 3:${Number(col) - 2}`),
      ),
    ).toEqual([mistake]);
  });

  it('name the first of two with the same name', () => {
    expect(diagnosticsOf(`${ab}\nchecks: [{ name: c, sql: s }, { name: c, sql: s }]`)).toEqual([
      'spec/bad-value 2:39 check "c" is defined twice',
    ]);
  });
});

describe('mistakes in the graph', () => {
  it('are unknown names, each with a suggestion', () => {
    const text = `tasks:
  load: { command: [x] }
  b: { command: [x], dependencies: [laod, zzz], pools: [odds] }
pools: { odds_api: 1, odd: 0 }
pipelines:
  l1: { dependencies: [lod], tasks: [loda, b] }
checks: [{ name: c, sql: s, after: [laod] }]
slas: { levels: { l2: 5 } }
`;
    expect(diagnosticsOf(text)).toEqual([
      'plan/unknown-task 3:37 task "b" names a task "laod", which does not exist',
      'plan/unknown-task 3:43 task "b" names a task "zzz", which does not exist',
      'plan/unknown-pool 3:57 task "b" names a pool "odds", which does not exist',
      'plan/unknown-task 6:24 level "l1" names a task "lod", which does not exist',
      'plan/unknown-task 6:38 level "l1" names a task "loda", which does not exist',
      'plan/unknown-task 7:37 check "c" names a task "laod", which does not exist',
      'plan/unknown-level 8:19 "slas" names a level "l2", which does not exist',
    ]);
    expect(hintsOf(text)).toEqual([
      'did you mean "load"?',
      'define it under "tasks"',
      'did you mean "odd"?',
      'did you mean "load"?',
      'did you mean "load"?',
      'did you mean "load"?',
      'define it under "pipelines"',
    ]);
  });

  it('are tasks that wait for themselves, and pools without a place', () => {
    const text = 'pools: { api: 0 }\ntasks: { a: { command: [x], dependencies: [a], pools: [api] } }';
    expect(diagnosticsOf(text)).toEqual([
      'plan/pool-too-small 1:15 pool "api" has no slot for task "a"',
      'plan/self-dependency 2:44 task "a" depends on itself',
    ]);
  });

  it('are a dependency that is listed twice', () => {
    expect(diagnosticsOf('tasks: { a: { command: [x] }, b: { command: [x], dependencies: [a, a] } }')).toEqual([
      'spec/bad-value 1:68 "dependencies" names "a" twice',
    ]);
  });

  it('are cycles, as a path with a place for each step', () => {
    const text = `tasks:
  a: { command: [x], dependencies: [c] }
  b: { command: [x], dependencies: [a] }
  c: { command: [x], dependencies: [b, free] }
  free: { command: [x] }
`;
    expect(planPipeline(text, 'f').diagnostics).toMatchObject([
      {
        code: 'plan/cycle',
        message: 'tasks wait for each other in a cycle: a → c → b → a',
        at: { line: 2, col: 37 },
        related: [
          { message: '"a" waits for "c"', at: { line: 2, col: 37 } },
          { message: '"c" waits for "b"', at: { line: 4, col: 37 } },
          { message: '"b" waits for "a"', at: { line: 3, col: 37 } },
        ],
      },
    ]);
  });

  it('are cycles through levels', () => {
    const [throughLevel] = planPipeline(`${ab}\npipelines: { l: { dependencies: [b], tasks: [a] } }`, 'f').diagnostics;
    expect(throughLevel).toMatchObject({
      code: 'plan/cycle',
      related: [
        { message: '"a" waits for "b" (through its level)', at: { line: 2, col: 34 } },
        { message: '"b" waits for "a"', at: { line: 1, col: 65 } },
      ],
    });
    const [byTurn] = planPipeline(`${ab}\npipelines: { l_sequential: [b, a] }`, 'f').diagnostics;
    expect(byTurn?.related?.[1]).toMatchObject({
      message: '"a" waits for "b" (its turn in a sequential level)',
      at: { line: 2, col: 32 },
    });
  });

  it('are independent cycles, and one of ten thousand tasks is shortened', () => {
    const two =
      'tasks:\n' +
      ['a b', 'b a', 'c d', 'd c', 'e a']
        .map((pair) => `  ${pair[0]}: { command: [x], dependencies: [${pair[2]}] }\n`)
        .join('');
    expect(diagnosticsOf(two)).toEqual([
      'plan/cycle 2:37 tasks wait for each other in a cycle: a → b → a',
      'plan/cycle 4:37 tasks wait for each other in a cycle: c → d → c',
    ]);
    const size = 10_000;
    const ring = Array.from(
      { length: size },
      (_, at) => `  t${at}: { command: [x], dependencies: [t${(at + 1) % size}] }\n`,
    );
    const [mistake, ...others] = diagnosticsOf(`tasks:\n${ring.join('')}`);
    expect(others).toEqual([]);
    expect(mistake).toMatch(/cycle: t0 → t1 → .* → \(9961 more\) → .* → t9999 → t0$/);
  });

  it('are cycles through gates', () => {
    const text = `tasks:
  a: { command: [x] }
  b: { command: [x], dependencies: [a] }
  c: { command: [x] }
  d: { command: [x], dependencies: [c] }
checks:
  - { name: g1, sql: s, after: [a, d], gate: true }
  - { name: g2, sql: s, after: [c, b], gate: true }
`;
    expect(diagnosticsOf(text)).toEqual([
      'plan/cycle 7:13 gates and tasks wait for each other in a cycle: b → check g1 → d → check g2 → b',
    ]);
  });

  it('are reported together with those of the file, in the order of the file', () => {
    const text = `nmae: x
tasks:
  a: { command: [x], dependencies: [b], timeout: soon }
  b: { command: [x], dependencies: [a] }
  c: { command: [x], dependencies: [d] }
`;
    expect(diagnosticsOf(text)).toEqual([
      'spec/unknown-key 1:1 the file has no key "nmae"',
      'plan/cycle 3:37 tasks wait for each other in a cycle: a → b → a',
      'spec/bad-type 3:50 "timeout" must be a duration such as 500ms, 30s, 10m or 2h, not "soon"',
      'plan/unknown-task 5:37 task "c" names a task "d", which does not exist',
    ]);
  });

  it('do not include names that a syntax error may have hidden', () => {
    const text =
      'tasks:\n  a: { command: [x], dependencies: [b] }\n  ]\n  b: { command: [x] }\nslas: { levels: { l: 5 } }\npipelines: [oops]\n';
    expect(diagnosticsOf(text).filter((one) => one.startsWith('plan/'))).toEqual([]);
  });
});
