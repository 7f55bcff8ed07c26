import type { EnvHttpProxyAgent } from 'undici';
import { TaskError } from '../task-error.ts';

const ownServers = new Set<string>();

/** Says that an address is a server of this process, which no proxy could reach. */
export function bypassProxy(address: string): void {
  ownServers.add(new URL(address).origin);
}

/**
 * `fetch`, through the proxy that HTTPS_PROXY or HTTP_PROXY name for the kind of address, unless NO_PROXY excepts the
 * host; names in small letters come first. Node's own fetch supports these variables only from version 24 on and only
 * with an option. undici is the library behind that fetch, and is loaded when there is a proxy.
 */
export async function fetchThroughProxy(
  url: string,
  init: RequestInit,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Response> {
  if (proxyVariable(url, env) === undefined) return fetch(url, init);
  // By its default export, which is there in a bundle too.
  const { default: undici } = await import('undici');
  const httpProxy = proxyAddress('http', env);
  const httpsProxy = proxyAddress('https', env);
  const noProxy = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  const key = JSON.stringify([httpProxy, httpsProxy, noProxy]);
  let agent = agents.get(key);
  if (agent === undefined) {
    // Without a tunnel for http, which many proxies allow for https only.
    agent = new undici.EnvHttpProxyAgent({ httpProxy, httpsProxy, noProxy, proxyTunnel: false });
    agents.set(key, agent);
  }
  const options = { ...init, dispatcher: agent } as unknown as Parameters<typeof undici.fetch>[1];
  return (await undici.fetch(url, options)) as unknown as Response;
}

const agents = new Map<string, EnvHttpProxyAgent>();

/** The variable that names a proxy for the address; undefined when it is asked directly, but for NO_PROXY. */
export function proxyVariable(url: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { protocol, origin } = new URL(url);
  if (ownServers.has(origin)) return undefined;
  const name = variableOf(protocol === 'https:' ? 'https' : 'http', env);
  return env[name] ? name : undefined;
}

function variableOf(kind: 'http' | 'https', env: NodeJS.ProcessEnv): string {
  const name = `${kind}_proxy`;
  return env[name] === undefined ? name.toUpperCase() : name;
}

/** The proxy's address; empty when there is none. What is wrong with it is said without it, since it may hold a password. */
function proxyAddress(kind: 'http' | 'https', env: NodeJS.ProcessEnv): string {
  const name = variableOf(kind, env);
  const given = env[name] ?? '';
  if (given === '') return '';
  // `proxy:3128` is what many tools take for http://proxy:3128.
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return address;
  throw new TaskError(`${name} is not the address of a proxy, like http://proxy:3128`, { exitCode: 2 });
}
