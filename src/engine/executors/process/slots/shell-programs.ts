import { randomBytes } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectories } from '../../../platform/make-directories.ts';
import { writePrivateFile } from '../../../platform/private-files.ts';
import { guardianProgram } from '../cleanup/guardian-program.ts';
import { pidNamespaceProgram } from '../isolation/pid-namespace-program.ts';
import { slotProgram } from './slot-program.ts';

export type ShellProgram = {
  /** What bash calls itself while it runs the program. */
  readonly name: string;
  readonly cwd: string;
  readonly args: readonly string[];
};

/** The shell programs as files, so that `ps` shows a short name in place of the whole program. */
export type ShellPrograms = {
  /** How to start a slot. Writes the file again when a task has removed it; throws when that fails. */
  slot(): ShellProgram;
  /** The same for the guardian. */
  guardian(): ShellProgram;
  /** The same for what runs an attempt in a PID namespace of its own; returns the absolute path of the file. */
  pidNamespace(): string;
};

/**
 * Writes the programs into `directory`, which must be private. Throws when it cannot be written to. The name of the
 * slot's program is random: bash begins its message about a command that cannot be started with this name, and so no
 * task can print such a message by accident, not even one that runs etl-tui itself.
 */
export function writeShellPrograms(directory: string): ShellPrograms {
  const slotName = `etl-tui-slot-${randomBytes(8).toString('hex')}`;
  const write = (name: string, text: string): string => {
    const path = join(directory, name);
    if (!existsSync(path)) {
      makeDirectories(directory);
      // Renamed when it is complete, because a full disk may cut the file anywhere.
      writePrivateFile(`${path}.part`, text, 'any');
      renameSync(`${path}.part`, path);
    }
    return path;
  };
  const provide = (name: string, text: string): ShellProgram => {
    write(name, text);
    // `--norc`: a bash whose standard input is a socket takes itself for a remote shell, and would run ~/.bashrc.
    // `-p`: ignores BASH_ENV, SHELLOPTS and exported functions.
    // `-c . file` and not `file`: only then does bash distinguish a job that exited with 143 from one that SIGTERM ended.
    const source = `./${name}`;
    return { name: source, cwd: directory, args: ['--norc', '-p', '-c', `. ${source}`, name] };
  };
  const slot = () => provide(slotName, slotProgram);
  const guardian = () => provide('etl-tui-guardian', guardianProgram);
  slot();
  guardian();
  return { slot, guardian, pidNamespace: () => write('etl-tui-pid-namespace', pidNamespaceProgram) };
}
