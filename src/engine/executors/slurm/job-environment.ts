import { canBeSet } from '../process/slots/slot-instruction.ts';
import { taskEnvironment } from '../process/task-environment.ts';

/** What is true of the machine of the orchestrator only, or of the job in which it runs itself. */
const ofThisMachine =
  /^(SLURM|SLURMD|SBATCH|SQUEUE|SINFO|SCANCEL|SALLOC|SRUN|PMI|XDG)_|^(HOSTNAME|TMPDIR|PWD|OLDPWD|SHLVL|_)$/;

/** What an attempt gets of the environment of the orchestrator, as jobs of Slurm usually do. */
export function jobEnvironment(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const { inherited, perAttempt } = taskEnvironment(env);
  const all = Object.entries({ ...inherited, ...perAttempt });
  return Object.fromEntries(all.filter(([name]) => canBeSet(name) && !ofThisMachine.test(name)));
}
