// The sample sources as a program of their own: prints the addresses to be exported, and serves until it is stopped.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseFault } from './server/sample-faults.ts';
import { startSampleServer } from './server/start-sample-server.ts';

const USAGE = `usage: node dist/etl/sample/serve.js [options]
  --seasons 2018-2025   the seasons that exist (default 1999-2025)
  --scale full|small    32 clubs, or 8 for tests
  --corrections 0|1     1: as after the league's corrections
  --port N              default any free one
  --latency MS          added to every answer
  --odds-latency MS     in its place, added to each answer with odds
  --weather-latency MS  in its place, added to each answer with weather
  --bandwidth KB        kilobytes per second of each connection (default unlimited)
  --odds-rate N         requests for odds per second, beyond which the answer is 429 (default unlimited)
  --cache DIR           where generated files are kept
  --fault WHAT:PATH[:TIMES[:RETRY_AFTER]]   may be repeated; WHAT is a status, truncated, stalled or web-page:
                        --fault 429:odds:3:2 --fault truncated:pbp
All data is invented sample data.`;

const { values } = parseArgs({
  options: {
    seasons: { type: 'string', default: '1999-2025' },
    scale: { type: 'string', default: 'full' },
    corrections: { type: 'string', default: '0' },
    port: { type: 'string', default: '0' },
    latency: { type: 'string', default: '0' },
    'odds-latency': { type: 'string' },
    'weather-latency': { type: 'string' },
    bandwidth: { type: 'string', default: '0' },
    'odds-rate': { type: 'string', default: '0' },
    cache: { type: 'string', default: join(tmpdir(), `etl-tui-sample-${process.getuid?.() ?? 0}`) },
    fault: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});
const seasons = /^(\d{4})(?:-(\d{4}))?$/.exec(values.seasons);
const faults = values.fault.map(parseFault);
const { port, latency, bandwidth } = values;
const { 'odds-latency': oddsLatency, 'weather-latency': weatherLatency, 'odds-rate': oddsRate } = values;
const numbers = [port, latency, bandwidth, oddsLatency, weatherLatency, oddsRate];
const wrong =
  seasons === null ||
  !['full', 'small'].includes(values.scale) ||
  !['0', '1'].includes(values.corrections) ||
  numbers.some((text) => text !== undefined && !/^\d{1,6}$/.test(text)) ||
  faults.includes(undefined);
if (values.help || wrong) {
  (values.help ? console.log : console.error)(USAGE);
  process.exit(values.help ? 0 : 2);
}

const server = await startSampleServer({
  cacheDir: values.cache,
  league: {
    scale: values.scale === 'small' ? 'small' : 'full',
    corrections: values.corrections === '1' ? 1 : 0,
    firstSeason: Number(seasons[1]),
    lastSeason: Number(seasons[2] ?? seasons[1]),
  },
  port: Number(port),
  rates: {
    latencyMs: Number(latency),
    ...(oddsLatency === undefined ? {} : { oddsLatencyMs: Number(oddsLatency) }),
    ...(weatherLatency === undefined ? {} : { weatherLatencyMs: Number(weatherLatency) }),
    ...(bandwidth === '0' ? {} : { bytesPerSecond: Number(bandwidth) * 1000 }),
    ...(oddsRate === '0' ? {} : { oddsPerSecond: Number(oddsRate) }),
  },
  faults: faults.filter((fault) => fault !== undefined),
});
console.log(`NFLVERSE_BASE_URL=${server.addresses.nflverse}`);
console.log(`ODDS_API_BASE_URL=${server.addresses.odds}`);
console.log(`METEOSTAT_BASE_URL=${server.addresses.meteostat}`);
console.log(`OPEN_METEO_BASE_URL=${server.addresses.openMeteo}`);
console.log(`ODDS_API_KEY=${server.oddsApiKey}`);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(0));
