import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../../model/result.ts';
import { makeDirectories } from '../../../platform/make-directories.ts';
import { writePrivateFile } from '../../../platform/private-files.ts';
import type { Binaries } from '../binaries/find-binaries.ts';
import { runProgram } from '../binaries/run-program.ts';
import { sharedMemorySettings } from '../shared-memory.ts';
import { startFailed } from '../start-failed.ts';
import { type EmbeddedDirectory, type Passwords, passwordPath } from './embedded-directory.ts';

export const adminRole = 'etl_admin';

/**
 * Creates the data directory unless it exists:
 * 1. Run initdb in a temporary directory next to it, and write the passwords into it.
 * 2. Rename it to the final path. Of several concurrent processes exactly one succeeds, and a killed process leaves no
 *    directory that looks complete; `removeAbandoned` deletes what it left.
 */
export async function createCluster(
  binaries: Binaries,
  directory: EmbeddedDirectory,
  onProgress: (line: string) => void,
): Promise<Result<'created' | 'present', Diagnostic>> {
  if (existsSync(join(directory.cluster, 'PG_VERSION'))) return ok('present');
  onProgress(
    `Creating a PostgreSQL ${binaries.version} database in ${directory.cluster} (only once; takes a few seconds)`,
  );
  const suffix = `${process.pid}-${randomBytes(4).toString('hex')}`;
  const temporary = `${directory.cluster}.init-${suffix}`;
  const passwordInput = `${directory.cluster}.pw-${suffix}`;
  const passwords: Passwords = { admin: newPassword(), owner: newPassword() };
  try {
    writeForAccount(passwordInput, passwords.admin, binaries);
    makeDirectories(temporary);
    changeOwner(temporary, binaries);
    const path = join(binaries.directory, 'initdb');
    const args = ['-D', temporary, '-U', adminRole, '-A', 'scram-sha-256', `--pwfile=${passwordInput}`, '-E', 'UTF8'];
    const { exitCode, output } = await runProgram({
      path,
      args: [...args, '--no-instructions', ...locale(binaries.major), ...sharedMemory(binaries.major)],
      account: binaries.account,
      env: binaries.env,
    });
    if (exitCode !== 0) return failed(startFailed(`PostgreSQL could not create its files in "${temporary}"`, output));
    writeForAccount(passwordPath(temporary), JSON.stringify(passwords), binaries);
    renameSync(temporary, directory.cluster);
    return ok('created');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return ok('present');
    return failed(startFailed(`PostgreSQL could not create its files in "${directory.cluster}"`, message));
  } finally {
    rmSync(passwordInput, { force: true });
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** The plain C locale has no case mapping beyond ASCII, which breaks searches for names such as JOSÉ. */
function locale(major: number): readonly string[] {
  if (major < 17) return ['--locale=C.UTF-8'];
  return ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
}

/** Older programs take no settings here, and need a few hundred KB of /dev/shm. */
function sharedMemory(major: number): readonly string[] {
  return major < 16 ? [] : sharedMemorySettings().map((setting) => `--set=${setting}`);
}

/** Needs no escaping in a URL, in SQL or in a file. */
function newPassword(): string {
  return randomBytes(18).toString('base64url');
}

function writeForAccount(path: string, text: string, binaries: Binaries): void {
  writePrivateFile(path, text, 'new');
  changeOwner(path, binaries);
}

function changeOwner(path: string, { account }: Binaries): void {
  if (account.kind === 'user') chownSync(path, account.uid, account.gid);
}
