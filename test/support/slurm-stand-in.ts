import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * Programs that stand in for those of Slurm where there is none: their jobs are processes of this machine. They show that our
 * side of the protocol holds; what Slurm itself does is tested with a real cluster (slurm.ts).
 * @returns the environment in which they are found
 */
export function standInEnvironment(): Readonly<Record<string, string | undefined>> {
  const directory = mkdtempSync(join(tmpdir(), 'slurm-programs-'));
  mkdirSync(join(directory, 'jobs'));
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(directory, name), `#!/usr/bin/env bash\njobs="\${0%/*}/jobs"\n${text}`);
    chmodSync(join(directory, name), 0o755);
  }
  return { ...process.env, PATH: `${directory}${delimiter}${process.env['PATH']}` };
}

const programs = {
  sinfo: `echo '2/6/0/8|r,gpu'\n`,
  sbatch: `
id=1; until mkdir "$jobs/$id" 2>/dev/null; do ((id++)); done
job="$jobs/$id"
while [[ $1 != -- ]]; do
  case $1 in
    --job-name=*) printf %s "\${1#*=}" >"$job/name" ;;
    --chdir=*) cd "\${1#*=}" ;;
  esac
  shift
done
shift
{ setsid bash "$@" & echo $! >"$job/pid"; wait $!; : >"$job/over"; } </dev/null >>slurm 2>&1 &
until [[ -s $job/pid ]]; do sleep 0.01; done
echo "$id"
`,
  squeue: `
for job in "$jobs"/*; do
  [[ -s $job/pid ]] || continue
  state=RUNNING
  [[ -e $job/over ]] && state=COMPLETED
  [[ -e $job/cancelled ]] && state=CANCELLED
  echo "\${job##*/}|$state|None|n1|$(<"$job/name")"
done
`,
  scancel: `
signal=KILL
for word; do
  case $word in
    --signal=*) signal=\${word#*=} ;;
    [0-9]*)
      read -r pid <"$jobs/$word/pid"
      if [[ $signal == TERM ]]; then kill -TERM "$pid"; else
        : >"$jobs/$word/cancelled"
        pkill -KILL -s "$pid"
      fi ;;
  esac
done 2>/dev/null
`,
};
