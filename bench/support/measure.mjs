import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs a bash command and says what it took, its children included.
 * @returns {{ wallMs: number, cpuMs: number, peakMb: number | undefined }} peakMb: of a Node program only
 */
export function measure(command, { cwd = process.cwd(), allowFailure = false } = {}) {
  const peakFile = join(tmpdir(), `etl-tui-peak-${process.pid}`);
  const tell = `import{writeFileSync}from'node:fs';process.on('exit',()=>{if(process.argv[1]?.endsWith('main.js'))writeFileSync(${JSON.stringify(peakFile)},String(process.resourceUsage().maxRSS))})`;
  rmSync(peakFile, { force: true });
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', `TIMEFORMAT='@ %3R %3U %3S'; time { ${command} ; } >/dev/null 2>/dev/null`],
    {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(tell)}` },
    },
  );
  if (status !== 0 && !allowFailure) throw new Error(`exit code ${status}: ${command}\n${stderr}`);
  const [, wall, user, system] = /@ (\S+) (\S+) (\S+)/.exec(stderr.replaceAll(',', '.'));
  return { wallMs: wall * 1_000, cpuMs: (Number(user) + Number(system)) * 1_000, peakMb: readPeak(peakFile) };
}

function readPeak(path) {
  try {
    return Number(readFileSync(path, 'utf8')) / 1_024;
  } catch {
    return undefined;
  } finally {
    rmSync(path, { force: true });
  }
}

/** The middle of several measurements, by the key. */
export function median(measurements, key) {
  const sorted = measurements.map((one) => one[key]).sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
