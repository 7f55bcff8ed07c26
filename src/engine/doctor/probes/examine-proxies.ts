import { connect } from 'node:net';
import { withDeadline } from '../../platform/with-deadline.ts';
import type { ExamineRequest, Probe } from '../probe.ts';
import { fine, type ProbeResult, resultOf } from '../probe-result.ts';

const answerWithinMs = 2_000;

/** The proxies of the environment, through which webhooks are called and tasks may load: whether they can be used and answer. */
export const examineProxies: Probe = async ({ env }) => {
  const named = ['http_proxy', 'https_proxy'].flatMap((name) => {
    const [variable = ''] = [name, name.toUpperCase()].filter((one) => env[one]);
    return variable === '' ? [] : [{ variable, address: env[variable] ?? '' }];
  });
  const found = await Promise.all(named.map(({ variable, address }) => examineProxy(variable, address)));
  const all = [...found, ...differing(env)];
  if (all.length === 0 && !env['all_proxy'] && !env['ALL_PROXY']) return [fine('proxy', 'the environment names none')];
  return named.length === 0 ? [...all, onlyAll] : all;
};

async function examineProxy(variable: string, address: string): Promise<ProbeResult> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || url.hostname === '') {
    return resultOf('proxy', 'warning', `${variable} is not an address`, 'its form is http://proxy.example:3128');
  }
  const place = `${url.protocol}//${url.username || url.password ? '***@' : ''}${url.host}`;
  if (!/^https?:$/.test(url.protocol)) {
    return resultOf('proxy', 'warning', `${variable} is ${place}, and only proxies by http and https are used`);
  }
  const trouble = await whyNoAnswer(url);
  if (trouble === undefined) return fine('proxy', `${variable} is ${place}, which answers`);
  return resultOf(
    'proxy',
    'warning',
    `${variable} is ${place}: ${trouble}`,
    'correct the variable, or unset it; NO_PROXY names hosts that need none',
  );
}

/** Connects and says nothing. */
async function whyNoAnswer({ protocol, hostname, port }: URL): Promise<string | undefined> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connect({ host, port: Number(port || (protocol === 'https:' ? 443 : 80)) });
  const answer = new Promise<string | undefined>((resolve) => {
    socket.once('connect', () => resolve(undefined));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve(`it cannot be reached (${error.code ?? 'no reason given'})`),
    );
  });
  const trouble = await withDeadline(answer, answerWithinMs, () => `no answer within ${answerWithinMs / 1000}s`);
  socket.destroy();
  return trouble;
}

/** Programs do not agree which of the two counts. */
function differing(env: ExamineRequest['env']): readonly ProbeResult[] {
  return ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => {
    const large = name.toUpperCase();
    if (!env[name] || !env[large] || env[name] === env[large]) return [];
    const found = `${name} and ${large} are both set, and differ; etl-tui takes ${name}`;
    return [resultOf('proxy', 'warning', found, 'give both the same value, or unset one')];
  });
}

const onlyAll = resultOf(
  'proxy',
  'warning',
  'ALL_PROXY alone is set, which etl-tui does not use',
  'set HTTPS_PROXY and HTTP_PROXY',
);
