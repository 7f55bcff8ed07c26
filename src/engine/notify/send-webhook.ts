import { givenUp, type Message, type NotifyContext, type Refusal } from './notification.ts';

/**
 * Sends the message to the address in a variable of the environment, through the proxy that the environment names. A
 * redirection is not followed: the document is for the address that was named. No reason names the address.
 */
export async function sendWebhook(
  variable: string,
  { body }: Message,
  { env, signal }: NotifyContext,
  withinMs: number,
): Promise<Refusal> {
  const address = env[variable];
  if (!address) return { why: `the environment variable ${variable} is not set`, mayRetry: false };
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    return { why: `${variable} is not an address that begins with https:// or http://`, mayRetry: false };
  }
  try {
    const late = AbortSignal.timeout(withinMs);
    const response = await post(address, body, env, signal === undefined ? late : AbortSignal.any([late, signal]));
    await response.body?.cancel();
    if (response.ok) return undefined;
    const { status } = response;
    return { why: `HTTP ${status}`, mayRetry: status >= 500 || status === 408 || status === 425 || status === 429 };
  } catch (error) {
    if (signal?.aborted === true) return givenUp;
    return { why: reasonOf(error as Error & { readonly cause?: unknown }, withinMs), mayRetry: true };
  }
}

async function post(address: string, body: string, env: NotifyContext['env'], signal: AbortSignal): Promise<Response> {
  const init: RequestInit = {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'user-agent': 'etl-tui' },
    redirect: 'manual',
    signal,
  };
  const httpProxy = env['http_proxy'] ?? env['HTTP_PROXY'] ?? '';
  const httpsProxy = env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '';
  if (httpProxy === '' && httpsProxy === '') return fetch(address, init);
  // Node's own fetch heeds these variables only from version 24 on; undici is the library behind it.
  const { default: undici } = await import('undici');
  const noProxy = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  const dispatcher = new undici.EnvHttpProxyAgent({ httpProxy, httpsProxy, noProxy, proxyTunnel: false });
  try {
    const options = { ...init, dispatcher } as unknown as Parameters<typeof undici.fetch>[1];
    return (await undici.fetch(address, options)) as unknown as Response;
  } finally {
    void dispatcher.close().catch(() => undefined);
  }
}

/** By its code: messages of the network may name the address. */
function reasonOf({ name, cause }: { readonly name: string; readonly cause?: unknown }, withinMs: number): string {
  if (name === 'TimeoutError') return `no answer within ${withinMs / 1000}s`;
  const code = (cause as { readonly code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : 'the address cannot be reached';
}
