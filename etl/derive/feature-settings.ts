import { TaskError } from '../task-error.ts';

/** The parameters of the feature definitions. */
export type FeatureSettings = {
  /** Numbers of last games over which form is pooled, ascending; 3 and 5 are always among them. */
  readonly windows: readonly number[];
  /** Half-life of the exponentially weighted mean, in games. */
  readonly halfLifeGames: number;
  /** The least yards of an explosive pass, and of an explosive run. */
  readonly explosivePassYards: number;
  readonly explosiveRushYards: number;
};

/**
 * The settings from ETL_PARAM_FEATURE_WINDOWS (`3,5`), ETL_PARAM_EWMA_HALF_LIFE (`4`) and ETL_PARAM_EXPLOSIVE_YARDS
 * (`20,10`: passes, runs). Throws a usage error for anything else.
 */
export function readFeatureSettings(env: NodeJS.ProcessEnv): FeatureSettings {
  const windows = numbersOf(env, 'FEATURE_WINDOWS', '3,5');
  const [pass, rush, ...more] = numbersOf(env, 'EXPLOSIVE_YARDS', '20,10');
  if (pass === undefined || rush === undefined || more.length > 0) {
    throw new TaskError('explosive yards are two numbers, of passes and of runs, like 20,10', { exitCode: 2 });
  }
  const halfLife = env['ETL_PARAM_EWMA_HALF_LIFE'] || '4';
  if (!/^\d{1,2}(\.\d)?$/.test(halfLife) || Number(halfLife) === 0) {
    throw new TaskError(`ewma half-life "${halfLife}" is not a number of games, like 4 or 2.5`, { exitCode: 2 });
  }
  return {
    windows: [...new Set([3, 5, ...windows])].sort((a, b) => a - b),
    halfLifeGames: Number(halfLife),
    explosivePassYards: pass,
    explosiveRushYards: rush,
  };
}

function numbersOf(env: NodeJS.ProcessEnv, name: string, standard: string): readonly number[] {
  const text = env[`ETL_PARAM_${name}`] || standard;
  if (/^[1-9]\d?(,[1-9]\d?)*$/.test(text)) return text.split(',').map(Number);
  throw new TaskError(
    `${name.toLowerCase().replace('_', ' ')} "${text}" is not a list of numbers from 1 to 99, like ${standard}`,
    {
      exitCode: 2,
    },
  );
}
