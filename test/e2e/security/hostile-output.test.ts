import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createProject, type Project } from '../command-line.ts';
import { createUiProject } from '../ui-project.ts';

function open(tasks: string): Project {
  const project = createProject(`version: 1\nname: shop\nlimits: { max_parallel: 8 }\ntasks:\n${tasks}`);
  onTestFinished(project.remove);
  return project;
}

function logsOf(directory: string, task: string): readonly string[] {
  const runs = join(directory, 'logs/etl/runs');
  const logs = join(runs, readdirSync(runs)[0]!, 'tasks', task);
  // Beside each of them lies a file with the times of its lines.
  return readdirSync(logs)
    .filter((name) => name.includes('.log'))
    .sort()
    .map((name) => join(logs, name));
}

/** In bytes; the largest that the process ever was. */
function peakMemoryOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

const megabytes = 300;

describe.skipIf(process.platform !== 'linux')('hundreds of megabytes of output', () => {
  test.each([
    ['lines', "yes 'a line of some length, again and again'"],
    ['one line without an end', "tr '\\\\0' x < /dev/zero"],
  ])('of %s leave the memory small, and the task its status', async (_, printer) => {
    const text = `  loud: { command: "(set +o pipefail; ${printer} | head -c ${megabytes}M); echo; echo the end; until test -e go; do sleep 0.05; done; exit 7" }\n`;
    const { directory, start } = open(text);
    const run = start(['run', '--ci', '--reporter', 'json'], { API_TOKEN: 'a-token-of-some-length' });
    await run.says('task.spawned');
    const before = peakMemoryOf(run.child.pid!);
    const end = () => {
      const last = logsOf(directory, 'loud').at(-1);
      return last !== undefined && readFileSync(last, 'latin1').endsWith('the end\n');
    };
    await expect.poll(end, { timeout: 150_000, interval: 100 }).toBe(true);
    const grown = peakMemoryOf(run.child.pid!) - before;
    writeFileSync(join(directory, 'go'), '');
    const { code, out } = await run.ended;
    expect(code).toBe(1);
    expect(out).toContain('"kind":"exit-code","code":7');
    expect(grown).toBeLessThan(60 * 0x100000);
    const stored = logsOf(directory, 'loud').reduce((sum, path) => sum + statSync(path).size, 0);
    expect(stored).toBeLessThan(20 * 0x100000);
  });
});

// What a terminal would obey, or a reader be deceived by; `printf` makes bytes of it.
const attacks = [
  ['the clipboard', String.raw`\033]52;c;cm0gLXJmIC8K\007`],
  ['the title', String.raw`\033]0;owned\033\\`],
  ['a link', String.raw`\033]8;;http://evil.example\033\\click\033]8;;\033\\`],
  ['a report of the cursor', String.raw`\033[6n\033[c\033[5n`],
  ['the alternate screen', String.raw`\033[?1049h\033[?1000h\033[?2004h`],
  ['the whole screen', String.raw`\033[2J\033[3J\033[H\033c`],
  ['a string of a device', String.raw`\033P$q"p\033\\\033_payload\033\\\033^payload\033\\`],
  ['8-bit sequences', String.raw`\302\23331m\302\2350;owned\302\234`],
  ['a sequence without an end', String.raw`\033]0;never ended`],
  ['marks of direction', String.raw`\342\200\256gnirts\342\201\246x\342\201\251`],
  ['bytes that are no text', String.raw`\377\376\300\200\355\240\200`],
  ['control characters', String.raw`\000\001\010\010\013\014\016\017\177`],
  [
    'commands of a build service',
    String.raw`::add-path::/tmp/evil\n::set-output name=x::y\n##vso[task.setvariable variable=x]y\n##[add-path]/tmp`,
  ],
  ['commands behind a carriage return', String.raw`fine\r::error::evil\r\n\r::stop-commands::x`],
] as const;

const hostileTasks = attacks
  .map(
    ([, text], at) =>
      `  a${at}: { command: ${JSON.stringify(`printf '${text}\\nend ${at}\\n'; printf '${text}' >&2; exit 3`)} }\n`,
  )
  .join('');

/** All that may stand in a log: printable characters and line feeds. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const obeyed = /[\x00-\x09\x0b-\x1f\x7f-\x9f\p{Bidi_Control}\ufeff]/u;

/** The lines that a runner of GitHub Actions takes for commands; between `::stop-commands::TOKEN` and `::TOKEN::` there are none. */
function commandsObeyedIn(log: string): readonly string[] {
  let token: string | undefined;
  return log.split('\n').filter((line) => {
    if (token !== undefined) {
      if (line.trim() === `::${token}::`) token = undefined;
      return false;
    }
    token = /^::stop-commands::(\w{16,})$/.exec(line)?.[1];
    return token === undefined && /^\s*::|##\w*\[/.test(line);
  });
}

describe('output that a terminal, a reader or a build service would obey', () => {
  test('has no effect in any log, on standard output or in a report', async () => {
    const { call, directory } = open(hostileTasks);
    const plain = await call(['run', '--ci']);
    const json = await call(['run', '--ci', '--reporter', 'json', '--junit', 'junit.xml']);
    const summary = join(directory, 'summary.md');
    const github = await call(['run', '--ci', '--reporter', 'github'], { GITHUB_STEP_SUMMARY: summary });
    await call(['report', 'latest', '--html', 'page.html']);
    const show = await call(['show', 'latest']);
    const texts = { plain: plain.out, json: json.out, github: github.out, show: show.out };
    const files = ['summary.md', 'page.html', 'junit.xml'].map((name) => [
      name,
      readFileSync(join(directory, name), 'utf8'),
    ]);
    for (const [name, text = ''] of [...Object.entries(texts), ...files]) {
      expect([name, obeyed.exec(text)]).toEqual([name, null]);
    }
    // None of the commands that were printed is obeyed, and all of ours are.
    const obeyedCommands = commandsObeyedIn(github.out);
    for (const line of obeyedCommands) expect(line).toMatch(/^::(?:group|endgroup|error|warning)\b/);
    expect(obeyedCommands.join('\n')).not.toMatch(/evil|add-path|set-output/);
    expect(obeyedCommands.filter((line) => line.startsWith('::error'))).toHaveLength(10);
  });

  test('has no effect on the screen', async () => {
    const ui = createUiProject(`version: 1\nname: shop\ntasks:\n${hostileTasks}`);
    onTestFinished(() => ui.close());
    const screen = ui.open([], { columns: 120, rows: 40 });
    await screen.waitFor(/FAILED/);
    for (let at = 0; at < attacks.length; at += 1) screen.press('j');
    await screen.waitFor(`end ${attacks.length - 1}`);
    screen.press('q');
    await screen.waitForExit();
    expect(screen.sent).not.toMatch(/52;c;|owned|evil\.example|payload|never ended/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: questions that a terminal would answer
    expect(screen.sent).not.toMatch(/\x1b\[(?:6n|5n|3J)|\x1bc|\u202e|\u2066/u);
  });
});
