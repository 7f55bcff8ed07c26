import { relative } from 'node:path';
import { isSecretName } from '../../masking/find-secrets.ts';
import type { Command } from '../../model/pipeline/pipeline.ts';
import { runDirVariable } from '../../model/pipeline/run-dir-path.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import type { StartRequest } from '../../ports.ts';
import { type NotStarted, notStarted, type WireAttempt, type WirePart, type WireText } from './wire-form.ts';

/** What is known of a run where its attempts are sent from. */
export type WireSource = {
  /** Absolute. */
  readonly projectDir: string;
  /** The values that are masked. */
  readonly secrets: readonly string[];
  /** Variables with secret values, of this environment and of parameters; also those that have none here. */
  readonly namedSecrets: ReadonlyMap<string, string>;
  /** The variables that name the run's database, at this moment; undefined when it has none. */
  readonly database: Readonly<Record<string, string>> | undefined;
};

type Needle = readonly [pattern: string | RegExp, part: WirePart];

/**
 * An attempt as it may lie in a database: secrets by the names of their variables, directories by what they are here. In a
 * command nothing has a name, so that a secret in one is refused.
 */
export function encodeAttempt(request: StartRequest, source: WireSource): Result<WireAttempt, NotStarted> {
  const { projectDir, secrets, namedSecrets, database = {} } = source;
  const { command, cwd, env, killGraceMs, isolation, backstopMs } = request;
  const leak = [command.kind === 'argv' ? command.argv : [command.script, ...(command.shell ?? [])]]
    .flat()
    .flatMap((word) => secrets.filter((secret) => word.includes(secret)))[0];
  if (leak !== undefined) {
    const name = [...namedSecrets].find(([, value]) => value === leak)?.[0];
    const what = name === undefined ? 'a secret' : `the value of ${name}`;
    return failed(notStarted(`the command contains ${what}, which may not lie in the queue; use a variable in it`));
  }
  const masked = new Set(secrets);
  const names: Needle[] = [...namedSecrets]
    .filter(([, value]) => masked.has(value))
    .sort(([, one], [, other]) => other.length - one.length)
    .map(([name, value]) => [value, { secret: name }]);
  const directories = directoriesOf(projectDir, env);
  const encodeValue = (name: string, value: string): WireText => {
    if (value !== '' && namedSecrets.get(name) === value) return [{ secret: name }];
    const parts = split(value, [...names, ...directories]);
    const hasLeft = parts.some((part) => typeof part === 'string' && secrets.some((secret) => part.includes(secret)));
    const isOwnSecret = parts.length > 0 && parts.every((part) => typeof part === 'string') && isSecretName(name, none);
    return hasLeft || isOwnSecret ? [{ secret: name }] : joined(parts);
  };
  const place = (text: string): WireText => joined(split(text, directories));
  const own = Object.entries(env).filter(([name, value]) => name !== 'PGAPPNAME' && database[name] !== value);
  const applicationName = env['PGAPPNAME'];
  const runDir = relative(projectDir, env[runDirVariable] ?? '/');
  return ok({
    command: placeCommand(command, place),
    cwd: place(cwd),
    env: Object.fromEntries(own.map(([name, value]) => [name, encodeValue(name, value)])),
    killGraceMs,
    ...(isolation === undefined ? {} : { isolation }),
    ...(backstopMs === undefined ? {} : { backstopMs }),
    ...(source.database === undefined || applicationName === undefined
      ? {}
      : { database: { applicationName, ...withoutPassword(database) } }),
    secretNames: [...namedSecrets.keys()],
    ...(runDir.startsWith('..') ? {} : { runDir }),
  });
}

const none: ReadonlySet<string> = new Set();

/** The longest first, since one may lie in another. */
function directoriesOf(projectDir: string, env: StartRequest['env']): readonly Needle[] {
  const places = { project: projectDir, run: env[runDirVariable], package: env['ETL_TUI_DIR'] };
  return Object.entries(places)
    .filter((one): one is ['project' | 'run' | 'package', string] => (one[1]?.length ?? 0) > 1)
    .sort(([, one], [, other]) => other.length - one.length)
    .map(([dir, path]) => [
      new RegExp(`(?<![^\\s:=,;"'])${path.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?=[/\\s:,;"']|$)`),
      { dir },
    ]);
}

function split(text: string, [needle, ...others]: readonly Needle[]): readonly WirePart[] {
  if (text === '') return [];
  if (needle === undefined) return [text];
  const [pattern, part] = needle;
  return text.split(pattern).flatMap((piece, index) => [...(index === 0 ? [] : [part]), ...split(piece, others)]);
}

function joined(parts: readonly WirePart[]): WireText {
  return parts.every((part) => typeof part === 'string') ? parts.join('') : parts;
}

function placeCommand(command: Command, place: (text: string) => WireText): WireAttempt['command'] {
  if (command.kind === 'argv') return { kind: 'argv', argv: command.argv.map(place) };
  const { script, shell } = command;
  return { kind: 'shell', script: place(script), ...(shell === undefined ? {} : { shell: shell.map(place) }) };
}

const passwordInUrl = /^([a-z]+:\/\/[^:@/?]*):[^@/?]*@/;
const passwordSetting = /([?&])password=[^&]*&?/;

function withoutPassword({ DATABASE_URL = '', PGPASSWORD, ...env }: Readonly<Record<string, string>>) {
  const url = DATABASE_URL.replace(passwordInUrl, '$1@').replace(passwordSetting, '$1').replace(/[?&]$/, '');
  const hasPassword = PGPASSWORD !== undefined || url !== DATABASE_URL;
  return { hasPassword, env: { ...env, DATABASE_URL: url } };
}
