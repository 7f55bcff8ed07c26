import { chmodSync, chownSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDirectories } from '../../../platform/make-directories.ts';
import { stateDirectory } from '../../../platform/state-directory.ts';
import type { Account } from '../binaries/account.ts';

/** The paths of a project's embedded PostgreSQL; each major version has a data directory of its own. */
export type EmbeddedDirectory = {
  /** `<project>/.etl-tui/db`, accessible to its owner only. */
  readonly root: string;
  /** The server's data directory. */
  readonly cluster: string;
  readonly log: string;
  /** The file with the last port, which a restart tries to use again, so that URLs stay valid. */
  readonly port: string;
  /** A file whose presence keeps the server running when the last etl-tui process ends. */
  readonly keep: string;
};

/** The passwords of the two roles; stored in the data directory, so that they are created and moved together with it. */
export type Passwords = { readonly admin: string; readonly owner: string };

const passwordFile = 'etl-tui-passwords.json';

/** @param env decides the path when the project is not writable; see `stateDirectory` */
export function embeddedRoot(projectDir: string, env: Readonly<Record<string, string | undefined>> = {}): string {
  return join(stateDirectory(projectDir, env).path, 'db');
}

export function embeddedDirectory(root: string, major: number): EmbeddedDirectory {
  const cluster = join(root, `pg${major}`);
  return { root, cluster, log: `${cluster}.log`, port: `${cluster}.port`, keep: join(root, 'keep') };
}

/** Creates missing directories, accessible to the account only. Throws the error of the file system. */
export function prepareRoot(root: string, account: Account): void {
  // The account may be another one, who has to get there.
  makeDirectories(dirname(dirname(root)), 0o755);
  makeDirectories(root);
  const { uid, mode } = statSync(root);
  if (account.kind === 'user') {
    // Only this directory changes its owner: it contains nothing but the database.
    if (uid !== account.uid) chownSync(root, account.uid, account.gid);
    chmodSync(dirname(root), 0o711);
  }
  if ((mode & 0o077) !== 0) chmodSync(root, 0o700);
}

/** The major versions that have a data directory here, newest first. */
export function existingMajors(root: string): readonly number[] {
  return listed(root)
    .flatMap((name) => /^pg(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
}

/** Deletes incomplete data directories of processes that were killed more than 10 minutes ago. */
export function removeAbandoned(root: string): void {
  const oldest = Date.now() - 10 * 60_000;
  for (const name of listed(root).filter((entry) => /^pg\d+\.(init|pw)-/.test(entry))) {
    const path = join(root, name);
    try {
      if (statSync(path).mtimeMs < oldest) rmSync(path, { recursive: true, force: true });
    } catch {
      // Another process has removed it.
    }
  }
}

export function passwordPath(cluster: string): string {
  return join(cluster, passwordFile);
}

/** Undefined when the file is missing or unreadable. */
export function readPasswords(cluster: string): Passwords | undefined {
  try {
    return JSON.parse(readFileSync(passwordPath(cluster), 'utf8')) as Passwords;
  } catch {
    return undefined;
  }
}

function listed(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
