// Runs a pipeline of twelve tasks under every limit of open files from 24 to 64, and beyond until all of it runs.
// Each must end in seconds, with exit code 0 or 3, and say what to do. Usage: node bench/file-limits.mjs [highest]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const highest = Number(process.argv[2] ?? 64);
const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'etl-tui-limits-'));
const tasks = Array.from({ length: 12 }, (_, at) => `  t${at}: { command: "echo ${at}" }`);
writeFileSync(join(project, 'pipeline.yaml'), `version: 1\nname: limits\ntasks:\n${tasks.join('\n')}\n`);

let wrong = 0;
try {
  for (let limit = 24; limit <= highest; limit += 1) {
    const begun = performance.now();
    const { status, signal, stderr } = spawnSync(
      'bash',
      ['-c', `ulimit -n ${limit} && exec "${process.execPath}" "${program}" run --ci`],
      { cwd: project, encoding: 'utf8', timeout: 60_000, killSignal: 'SIGKILL' },
    );
    const isRight = status === 0 || (status === 3 && stderr.includes('run/too-few-files'));
    wrong += Number(!isRight);
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
    console.log(`${limit}  ${seconds}s  ${status ?? signal}${isRight ? '' : `  WRONG: ${stderr}`}`);
  }
} finally {
  rmSync(project, { recursive: true, force: true });
}
console.log(`wrong: ${wrong}`);
process.exitCode = Number(wrong > 0);
