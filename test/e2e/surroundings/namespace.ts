import { spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { createProject, type Ended, type Project, program, startCommand } from '../command-line.ts';

/** The program, as words of a shell. */
export const etl = `"${process.execPath}" "${program}"`;

/** How this machine lets us have mounts of our own: root as it is, everybody else in a namespace of users; undefined = not at all. */
const options = [['-m'], ['-Urm']].find(
  (one) => spawnSync('unshare', [...one, 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0,
);

export const mayMount = options !== undefined;

type Env = Readonly<Record<string, string | undefined>>;

/** A project that is removed with its test. */
export function projectOf(pipeline: string): Project {
  const project = createProject(pipeline);
  onTestFinished(project.remove);
  return project;
}

/** What a shell in the project has done with `script`. */
export function inShell({ directory }: Project, script: string, env: Env = {}): Promise<Ended> {
  return startCommand('bash', ['-c', script], directory, env).ended;
}

/** The same where `mounts` have been made, which nothing else sees and which are gone with the last process. */
export function inNamespace({ directory }: Project, mounts: string, script: string, env: Env = {}): Promise<Ended> {
  const words = [...(options ?? []), 'bash', '-c', `${mounts} && ${script}`];
  return startCommand('unshare', words, directory, env).ended;
}
