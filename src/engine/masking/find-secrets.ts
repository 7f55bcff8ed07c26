import type { Plan } from '../model/pipeline/plan.ts';

/** The secrets of a run. */
export type Secrets = {
  /** Longest first. */
  readonly values: readonly string[];
  /** Descriptions of variables and parameters whose values are too common to be masked wherever they occur. */
  readonly weak: readonly string[];
};

type Variables = Iterable<readonly [string, string | undefined]>;

const secretName =
  /((PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|(^|_)(PASS|DSN|COOKIE|CREDS)|_(PWD|PAT|AUTH)|(^|_|API|ACCESS|PRIVATE)KEY)(_?V?\d+)?)$/i;

const shortest = 4;

/** Common values of variables with secret names. */
const ordinaryWords: ReadonlySet<string> = new Set(
  'true false none null undefined enabled disabled default optional required basic bearer postgres postgresql'.split(
    ' ',
  ),
);

/** Whether a variable or parameter of this name is secret; `declared` are the names under `secrets` in the pipeline. */
export function isSecretName(name: string, declared: ReadonlySet<string>): boolean {
  return secretName.test(name) || declared.has(name);
}

/**
 * The secrets in a set of variables: the values of those with a secret name, and passwords and tokens in URLs, passwords
 * also with the whole URL. A value that is an ordinary word, a user name or one of `names` is weak.
 */
export function findSecrets(
  variables: Variables,
  declared: Iterable<string> = [],
  names: Iterable<string> = [],
): Secrets {
  const all = [...variables].filter((one): one is [string, string] => Boolean(one[1]));
  const declaredNames = new Set(declared);
  const weakNames = new Set([...ordinaryWords, ...lowerCase(names), ...lowerCase(all.flatMap(userNames))]);
  const values = new Set<string>();
  const weak = new Set<string>();
  const add = (name: string, value: string) => {
    if (value.length < shortest || weakNames.has(value.toLowerCase())) weak.add(name);
    else values.add(value);
  };
  for (const [name, value] of all) {
    if (isSecretName(name, declaredNames)) add(name, value);
    for (const secret of addressSecrets(value)) add(`the password in ${name}`, secret);
    for (const [setting, secret] of settingsInAddress(value)) {
      if (isSecretName(setting, declaredNames)) add(`the ${setting} in ${name}`, secret);
    }
  }
  return { values: [...values].sort((a, b) => b.length - a.length), weak: [...weak] };
}

/** The names of tasks, levels, checks, pools and the pipeline, which are shown everywhere. */
export function namesOf({ pipeline }: Pick<Plan, 'pipeline'>): readonly string[] {
  return [
    pipeline.name,
    ...pipeline.tasks.map(({ id }) => id),
    ...pipeline.levels.map(({ id }) => id),
    ...pipeline.checks.map(({ name }) => name),
    ...pipeline.pools.keys(),
  ];
}

function lowerCase(words: Iterable<string>): readonly string[] {
  return [...words].map((word) => word.toLowerCase());
}

const address = /^[a-z][a-z0-9+.-]*:\/\/([^/?#@:]*):([^/?#]*)@/i;

function userNames([name, value]: readonly [string, string]): readonly string[] {
  const inAddress = address.exec(value)?.[1];
  return [
    ...(/(^|_|PG)(USER|USERNAME|LOGNAME)$/i.test(name) ? [value] : []),
    ...(inAddress ? [inAddress, decode(inAddress)] : []),
  ];
}

/** Only a URL with a password is secret; one without must stay readable. */
function addressSecrets(value: string): readonly string[] {
  const password = address.exec(value)?.[2];
  return password ? [value, password, decode(password)] : [];
}

/** What stands behind the question mark of an address, by its names, as it is and decoded. */
function settingsInAddress(value: string): readonly (readonly [string, string])[] {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return [];
  return [...value.matchAll(/[?&;]([\w.-]+)=([^&;#\s]+)/g)].flatMap(([, name = '', text = '']) => {
    const setting = name.replaceAll(/[.-]/g, '_');
    return [[setting, text] as const, [setting, decode(text)] as const];
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
