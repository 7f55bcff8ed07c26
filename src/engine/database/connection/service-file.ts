import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { failed, ok, type Result } from '../../model/result.ts';
import type { Env, Settings } from './connection-address.ts';
import { libpqVariables } from './libpq-variables.ts';

/**
 * Completes settings by libpq's rules: first from the service that they or the environment name, then from the environment
 * variables of the settings in `names`. The error is the reason why the service cannot be read.
 */
export function completeSettings(settings: Settings, env: Env, names: readonly string[]): Result<Settings, string> {
  const ofEnv = names.flatMap((name) => {
    const value = env[libpqVariables.get(name) ?? ''];
    return value ? [[name, value] as const] : [];
  });
  const service = settings.get('service') ?? new Map(ofEnv).get('service');
  const ofService = service === undefined ? new Map() : serviceSettings(service, env);
  if (ofService === undefined) {
    return failed(`the service "${service}" is not in ${serviceFiles(env).join(' or ')}`);
  }
  return ok(new Map([...ofEnv, ...ofService, ...settings]));
}

/** The settings of a service: from the user's file, else from the system's. Undefined when neither has it. */
function serviceSettings(service: string, env: Env): Settings | undefined {
  for (const file of serviceFiles(env)) {
    const found = sectionOf(textOf(file), service);
    if (found !== undefined) return found;
  }
  return undefined;
}

function serviceFiles(env: Env): readonly string[] {
  return [
    env['PGSERVICEFILE'] || join(env['HOME'] || homedir(), '.pg_service.conf'),
    join(env['PGSYSCONFDIR'] || '/etc/postgresql-common', 'pg_service.conf'),
  ];
}

function sectionOf(text: string, service: string): Settings | undefined {
  let settings: Map<string, string> | undefined;
  for (const line of text.split('\n').map((one) => one.trim())) {
    const header = /^\[(.*)\]$/.exec(line)?.[1];
    if (header !== undefined) {
      if (settings !== undefined) break;
      if (header === service) settings = new Map();
      continue;
    }
    const at = line.indexOf('=');
    if (settings === undefined || line.startsWith('#') || at < 1) continue;
    const key = line.slice(0, at).trim();
    if (!settings.has(key)) settings.set(key, line.slice(at + 1).trim());
  }
  return settings;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
