import { readSql } from '../package-root.ts';
import type { FeatureSettings } from './feature-settings.ts';

/**
 * The query of `etl/sql/<table>.sql` with the settings put in: `:name` is a number, and a line that ends in
 * `-- per window` stands once for each window.
 */
export function derivedSql(table: string, settings: FeatureSettings): string {
  const { windows, halfLifeGames, explosivePassYards, explosiveRushYards } = settings;
  return (
    readSql(table)
      .split('\n')
      .flatMap((line) =>
        line.endsWith(' -- per window') ? windows.map((window) => line.replaceAll(':window', String(window))) : line,
      )
      .join('\n')
      .replaceAll(':explosive_pass_yards', String(explosivePassYards))
      .replaceAll(':explosive_rush_yards', String(explosiveRushYards))
      // With a decimal point, since the server would otherwise divide integers.
      .replaceAll(':half_life_games', halfLifeGames.toFixed(1))
  );
}
