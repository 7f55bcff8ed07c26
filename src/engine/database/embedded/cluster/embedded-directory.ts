import { chmodSync, chownSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDirectories } from '../../../platform/make-directories.ts';
import { stateDirectory } from '../../../platform/state-directory.ts';
import type { Account } from '../binaries/account.ts';

/** Where a project's own PostgreSQL lives; a major version never sees the files of another. */
export type EmbeddedDirectory = {
  /** `<project>/.etl-tui/db`, closed to everybody else. */
  readonly root: string;
  /** The server's data directory. */
  readonly cluster: string;
  readonly log: string;
  /** The port of last time, so that addresses stay valid over a restart. */
  readonly port: string;
  /** Its presence keeps the server running when the last etl-tui leaves. */
  readonly keep: string;
};

/** The passwords of the two roles; kept inside the data directory, so that they move and appear with it. */
export type Passwords = { readonly admin: string; readonly owner: string };

const passwordFile = 'etl-tui-passwords.json';

/** @param env says where it lies when the project cannot be written; see `stateDirectory` */
export function embeddedRoot(projectDir: string, env: Readonly<Record<string, string | undefined>> = {}): string {
  return join(stateDirectory(projectDir, env).path, 'db');
}

export function embeddedDirectory(root: string, major: number): EmbeddedDirectory {
  const cluster = join(root, `pg${major}`);
  return { root, cluster, log: `${cluster}.log`, port: `${cluster}.port`, keep: join(root, 'keep') };
}

/** Creates what is missing, with access for the account and nobody else. Throws what the file system throws. */
export function prepareRoot(root: string, account: Account): void {
  makeDirectories(dirname(root));
  makeDirectories(root, 0o700);
  const { uid, mode } = statSync(root);
  if (account.kind === 'user') {
    // Only what is ours to give: below this lies nothing but the database.
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

/** Data directories that were never finished, because whoever made them was killed. */
export function removeAbandoned(root: string): void {
  const oldest = Date.now() - 10 * 60_000;
  for (const name of listed(root).filter((entry) => /^pg\d+\.(init|pw)-/.test(entry))) {
    const path = join(root, name);
    try {
      if (statSync(path).mtimeMs < oldest) rmSync(path, { recursive: true, force: true });
    } catch {
      // Somebody else removes it.
    }
  }
}

export function passwordPath(cluster: string): string {
  return join(cluster, passwordFile);
}

/** Undefined when the file is missing or not ours to read. */
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
