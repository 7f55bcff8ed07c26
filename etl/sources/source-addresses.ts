import { join } from 'node:path';
import { TaskError } from '../task-error.ts';
import { bypassProxy } from './proxied-fetch.ts';

/** Where a task finds its sources, for as long as it runs. */
export type Sources = {
  readonly kind: 'sample' | 'live';
  /** Base addresses without a trailing slash. */
  readonly nflverse: string;
  readonly odds: string;
  readonly meteostat: string;
  readonly openMeteo: string;
  /** Undefined in live mode when ODDS_API_KEY is not set. */
  readonly oddsApiKey: string | undefined;
  /** A name for the address that stays the same from run to run (the sample server's port does not): for caches and ledgers. */
  stableName(url: string): string;
  close(): Promise<void>;
};

type Bases = {
  readonly nflverse: string;
  readonly odds: string;
  readonly meteostat: string;
  readonly openMeteo: string;
};

const VARIABLES = {
  nflverse: 'NFLVERSE_BASE_URL',
  odds: 'ODDS_API_BASE_URL',
  meteostat: 'METEOSTAT_BASE_URL',
  openMeteo: 'OPEN_METEO_BASE_URL',
} as const satisfies Record<keyof Bases, string>;

const LIVE: Bases = {
  nflverse: 'https://github.com/nflverse/nflverse-data/releases/download',
  odds: 'https://api.the-odds-api.com',
  meteostat: 'https://data.meteostat.net',
  openMeteo: 'https://archive-api.open-meteo.com',
};

/**
 * `sample` or `live`, from ETL_SOURCE. Unset means sample, which needs no network and no key; but setting one of
 * the four base addresses makes it live.
 */
export function sourceKind(env: NodeJS.ProcessEnv = process.env): 'sample' | 'live' {
  const asked = env['ETL_SOURCE'];
  if (asked === 'sample' || asked === 'live') return asked;
  if (asked !== undefined && asked !== '') {
    throw new TaskError(`ETL_SOURCE is "${asked}"; it must be "sample" or "live"`, { exitCode: 2 });
  }
  return Object.values(VARIABLES).some((name) => env[name]) ? 'live' : 'sample';
}

/** Opens the sources: for `sample` the project's own server is started and ends with `close`. */
export async function openSources(
  env: NodeJS.ProcessEnv = process.env,
  projectDirectory: string = process.cwd(),
): Promise<Sources> {
  return sourceKind(env) === 'live' ? liveSources(env) : await sampleSources(env, projectDirectory);
}

function liveSources(env: NodeJS.ProcessEnv): Sources {
  const base = (key: keyof Bases) => baseAddress(env[VARIABLES[key]] || LIVE[key], VARIABLES[key]);
  return {
    kind: 'live',
    nflverse: base('nflverse'),
    odds: base('odds'),
    meteostat: base('meteostat'),
    openMeteo: base('openMeteo'),
    oddsApiKey: env['ODDS_API_KEY'] || undefined,
    stableName: (url) => url,
    close: async () => {},
  };
}

async function sampleSources(env: NodeJS.ProcessEnv, projectDirectory: string): Promise<Sources> {
  const { readSampleSettings } = await import('../sample/server/sample-settings.ts');
  const { startSampleServer } = await import('../sample/server/start-sample-server.ts');
  const { scale, rates, faults } = readSampleSettings(env);
  const cacheDir = join(projectDirectory, '.etl-tui', 'sample');
  const server = await startSampleServer({ cacheDir, league: { scale }, rates, faults });
  const bases = Object.entries(server.addresses);
  for (const [, address] of bases) bypassProxy(address);
  return {
    kind: 'sample',
    ...server.addresses,
    oddsApiKey: server.oddsApiKey,
    stableName: (url) => {
      const match = bases.find(([, address]) => url.startsWith(address));
      return match === undefined ? url : `sample-${scale}:${match[0]}${url.slice(match[1].length)}`;
    },
    close: () => server.close(),
  };
}

function baseAddress(text: string, variable: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    throw new TaskError(`${variable} is "${text}", which is not an http or https address`, { exitCode: 2 });
  }
  return text.replace(/\/+$/, '');
}
