import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { guardianProgram } from '../cleanup/guardian-program.ts';
import { slotProgram } from './slot-program.ts';

export type ShellProgram = {
  /** What bash calls itself while it runs the program. */
  readonly name: string;
  readonly cwd: string;
  readonly args: readonly string[];
};

/** The shell programs as files, so that a list of processes shows a name and not pages of shell. */
export type ShellPrograms = {
  /** What to start a slot with. Writes the file again when a task has removed it; throws when that cannot be done. */
  slot(): ShellProgram;
  /** The same for the guardian. */
  guardian(): ShellProgram;
};

/**
 * Writes the programs into `directory`, which must be private. Throws when it cannot be written to. The name of the
 * slot's is random, because bash begins what it says of a program that cannot be started with it: no task can print that
 * by accident, not even one that runs etl-tui itself.
 */
export function writeShellPrograms(directory: string): ShellPrograms {
  const slotName = `etl-tui-slot-${randomBytes(8).toString('hex')}`;
  const provide = (name: string, text: string): ShellProgram => {
    const path = join(directory, name);
    if (!existsSync(path)) {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      // Half a program, on a disk that is full, would be worse than none.
      writeFileSync(`${path}.part`, text, { mode: 0o600 });
      renameSync(`${path}.part`, path);
    }
    // Both options are needed: without the first, a bash with a socket for its input takes itself for a remote shell and
    // runs ~/.bashrc; without the second, it heeds BASH_ENV, SHELLOPTS and exported functions. The file is not run as a
    // script, because only in a `-c` does bash tell a job that exited with 143 from one that SIGTERM ended.
    const source = `./${name}`;
    return { name: source, cwd: directory, args: ['--norc', '-p', '-c', `. ${source}`, name] };
  };
  const slot = () => provide(slotName, slotProgram);
  const guardian = () => provide('etl-tui-guardian', guardianProgram);
  slot();
  guardian();
  return { slot, guardian };
}
