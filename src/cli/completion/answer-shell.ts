import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type BashLine, bashReplies, readBashLine } from './bash-line.ts';
import { suggest } from './suggest.ts';
import type { Suggestion, Suggestions } from './suggestions.ts';
import type { NameSource } from './value-kinds.ts';

export type AnswerOptions = {
  readonly program: Command;
  readonly names: NameSource;
  readonly cwd: string;
};

/**
 * What the script of a shell asks for when Tab is pressed; see `scripts.ts`. The first line says how the others are meant.
 * - bash: the words for `compopt`, then what is put in place of the word. `args`: COMP_WORDBREAKS, the line up to the cursor.
 * - zsh and fish: `words`, `files`, `pipelines` or `directories`, then words. `args`: the words up to the cursor.
 */
export async function answerShell(
  shell: string | undefined,
  args: readonly string[],
  options: AnswerOptions,
): Promise<readonly string[]> {
  const { program, names } = options;
  switch (shell) {
    case 'bash': {
      const line = readBashLine(args[1] ?? '', args[0] ?? '');
      const found = await suggest(program, line.before.slice(1), line.current, names);
      return answerBash(found, line, options);
    }
    case 'zsh':
    case 'fish': {
      const typed = args.at(-1) ?? '';
      // Fish gives the word as it is written.
      const current = shell === 'fish' ? readBashLine(typed, '').current : typed;
      const found = await suggest(program, args.slice(0, -1), current, names);
      return [found.kind, ...oneLined(found).map(shell === 'zsh' ? zshLine : fishLine)];
    }
    default:
      return [];
  }
}

function answerBash(found: Suggestions, line: BashLine, { cwd }: AnswerOptions): readonly string[] {
  switch (found.kind) {
    case 'files':
      return ['default'];
    case 'directories':
      return ['dirnames'];
    case 'pipelines': {
      const files = pipelineFiles(line.current, cwd);
      // Bash quotes names of files itself.
      return files.length === 0
        ? ['default']
        : ['filenames plusdirs', ...files.map((file) => file.slice(line.kept.length))];
    }
    case 'words': {
      const words = oneLined(found).filter(({ value }) => value.startsWith(line.current));
      const isOpen = words.length > 0 && words.every((word) => word.isOpen === true);
      const how = [...(isOpen ? ['nospace'] : []), ...(found.isOrdered ? ['nosort'] : [])];
      const values = words.map(({ value }) => value);
      return [how.join(' '), ...bashReplies(values, line)];
    }
  }
}

/** Files that may be pipelines and begin with what is typed, as it is typed. */
function pipelineFiles(typed: string, cwd: string): readonly string[] {
  const directory = typed.slice(0, typed.lastIndexOf('/') + 1);
  try {
    const entries = readdirSync(resolve(cwd, directory.replace(/^~(?=\/)/, homedir())), { withFileTypes: true });
    const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => `${directory}${name}`);
    return names.filter((name) => name.startsWith(typed) && /\.ya?ml$/.test(name));
  } catch {
    return [];
  }
}

/** The words, without any that would not fit into a line. */
function oneLined(found: Suggestions): readonly Suggestion[] {
  return found.kind === 'words' ? found.words.filter(({ value }) => !/\p{Cc}/u.test(value)) : [];
}

function zshLine({ value, about }: Suggestion): string {
  const word = value.replace(/[\\:]/g, '\\$&');
  return about === undefined ? word : `${word}:${about}`;
}

function fishLine({ value, about }: Suggestion): string {
  return about === undefined ? value : `${value}\t${about}`;
}
