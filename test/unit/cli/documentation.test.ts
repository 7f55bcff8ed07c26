import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { exitCodeTable } from '../../../src/cli/exit-code.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { projectRoot } from '../../support/project-root.ts';

function read(name: string): string {
  return readFileSync(join(projectRoot, 'docs', name), 'utf8');
}

function allCommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

test('docs/exit-codes.md has the table that --help prints', () => {
  const rows = exitCodeTable()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/ {2,}/));
  const text = read('exit-codes.md');
  for (const [codes, meaning] of rows) expect(text).toContain(`\n| ${codes} | ${meaning} |`);
  expect(rows.length).toBeGreaterThan(6);
});

test('docs/command-line.md lists every command and every option, and no other', () => {
  const output = {
    isTerminal: false,
    columns: undefined,
    write: () => {},
    writeBytes: async () => true,
    flush: async () => undefined,
  };
  const program = createProgram({ cwd: '/', env: {}, out: output, err: output }, () => {});
  const commands = allCommands(program);
  const text = read('command-line.md');
  for (const command of commands.slice(1)) expect(text).toMatch(new RegExp(`(## |db |handoffs )${command.name()}\\b`));
  const known = new Set(commands.flatMap(({ options }) => options.map(({ long }) => long)));
  for (const option of known) if (option !== '--version') expect(text).toContain(option);
  const told = text.match(/(?<![\w-])--[a-z][a-z-]+/g)!.filter((option) => !['--help'].includes(option));
  expect(told.filter((option) => !known.has(option))).toEqual([]);
});
