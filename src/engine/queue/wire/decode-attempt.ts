import { existsSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { urlSecrets, urlVariables } from '../../database/connection/connection-url.ts';
import { databaseFromEnvironment } from '../../database/connection/database-from-environment.ts';
import { findSecrets } from '../../masking/find-secrets.ts';
import type { AttemptRef } from '../../model/ids.ts';
import type { Command } from '../../model/pipeline/pipeline.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { packageDirectory } from '../../platform/package-directory.ts';
import type { StartRequest } from '../../ports.ts';
import { type AllowedPrograms, whyNotAllowed } from './allowed-programs.ts';
import { type NotStarted, notStarted, type WireAttempt, type WireDirectory, type WireText } from './wire-form.ts';

/** What a worker puts in the place of what was left out. */
export type WireTarget = {
  /** Absolute: stands for the project directory; nothing is started elsewhere. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absent = every program. */
  readonly allow?: AllowedPrograms;
};

export type DecodedAttempt = {
  readonly request: StartRequest;
  /** To be masked in its output. */
  readonly secrets: readonly string[];
  /** Of the run on this host, absolute; it need not be there yet. */
  readonly runDir: string;
};

/**
 * The request of an attempt on this host; refused when a secret has no value here, or when it is not what this worker is for.
 * Never throws, whatever was put into the queue.
 */
export function decodeAttempt(
  ref: AttemptRef,
  wire: WireAttempt,
  target: WireTarget,
): Result<DecodedAttempt, NotStarted> {
  try {
    return decode(ref, wire, target);
  } catch (error) {
    return failed(notStarted(`this worker cannot read the attempt: ${(error as Error).message}`));
  }
}

function decode(ref: AttemptRef, wire: WireAttempt, target: WireTarget): Result<DecodedAttempt, NotStarted> {
  const { root, allow } = target;
  if (!/^\w[\w.-]*$/.test(ref.run)) return failed(notStarted('its run has no valid name'));
  const shared = join(root, wire.runDir ?? '.etl-tui');
  const isShared = wire.runDir !== undefined && isBelow(root, shared) && existsSync(shared);
  const directories: Record<WireDirectory, string> = {
    project: root,
    run: isShared ? shared : join(workDirectory(root), ref.run),
    package: packageDirectory(),
  };
  const missing = new Set<string>();
  const lookUp = (name: string) => {
    const value = name.startsWith('ETL_TUI_') ? undefined : target.env[name];
    if (!value) missing.add(name);
    return value ?? '';
  };
  const read = (text: WireText): string =>
    typeof text === 'string'
      ? text
      : text
          .map((part) => {
            if (typeof part === 'string') return part;
            return 'secret' in part ? lookUp(part.secret) : directories[part.dir];
          })
          .join('');
  const command = readCommand(wire.command, read);
  const cwd = resolve(root, read(wire.cwd));
  const own = Object.fromEntries(Object.entries(wire.env).map(([name, text]) => [name, read(text)]));
  const database = readDatabase(wire.database, target.env, lookUp);
  if (!database.ok) return database;
  if (missing.size > 0) {
    const names = [...missing].join(', ');
    return failed(notStarted(`this worker has no value for ${names}: set it in the worker's environment`));
  }
  if (!isBelow(root, cwd)) return failed(notStarted(`"${cwd}" is outside of "${root}", the --root of this worker`));
  const refusal = allow === undefined ? undefined : whyNotAllowed(allow, { command, cwd, env: own });
  if (refusal !== undefined) return failed(notStarted(refusal));
  const env = { ...database.value.env, ...own };
  const { values } = findSecrets([...Object.entries(target.env), ...Object.entries(env)], wire.secretNames);
  const { killGraceMs, isolation } = wire;
  return ok({
    request: { ref, command, cwd, env, killGraceMs, ...(isolation === undefined ? {} : { isolation }) },
    secrets: [...new Set([...values, ...database.value.secrets])],
    runDir: directories.run,
  });
}

/** Where the runs have directories of their own on a host that does not share that of its orchestrator. */
export function workDirectory(root: string): string {
  return join(root, '.etl-tui/work');
}

/** Whether `path` is `root` or in it; both absolute. */
function isBelow(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
}

function readCommand(wire: WireAttempt['command'], read: (text: WireText) => string): Command {
  if (wire.kind === 'argv') return { kind: 'argv', argv: wire.argv.map(read) as [string, ...string[]] };
  const script = read(wire.script);
  if (wire.shell === undefined) return { kind: 'shell', script };
  return { kind: 'shell', script, shell: wire.shell.map(read) as [string, ...string[]] };
}

type DatabaseVariables = { readonly env: Readonly<Record<string, string>>; readonly secrets: readonly string[] };

/** The worker's own database, else that of the run, with the password that is in the worker's environment. */
function readDatabase(
  wire: WireAttempt['database'],
  workerEnv: WireTarget['env'],
  lookUp: (name: string) => string,
): Result<DatabaseVariables, NotStarted> {
  if (wire === undefined) return ok({ env: {}, secrets: [] });
  const PGAPPNAME = wire.applicationName;
  const own = databaseFromEnvironment(workerEnv);
  if (!own.ok) return failed(notStarted(own.error.message));
  if (own.value !== undefined) {
    return ok({ env: { ...urlVariables(own.value), PGAPPNAME }, secrets: urlSecrets(own.value) });
  }
  if (!wire.hasPassword) return ok({ env: { ...wire.env, PGAPPNAME }, secrets: [] });
  const PGPASSWORD = lookUp('PGPASSWORD');
  const DATABASE_URL = (wire.env['DATABASE_URL'] ?? '').replace(
    /^([a-z]+:\/\/[^:@/?]*)@/,
    (_, login: string) => `${login}:${encodeURIComponent(PGPASSWORD)}@`,
  );
  return ok({ env: { ...wire.env, DATABASE_URL, PGPASSWORD, PGAPPNAME }, secrets: [DATABASE_URL, PGPASSWORD] });
}
