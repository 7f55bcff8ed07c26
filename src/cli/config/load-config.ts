import {
  type Diagnostic,
  type Location,
  readScreenConfig,
  type ScreenConfig,
  usualConfig,
} from '../../engine/index.ts';
import type { Invocation } from '../invocation.ts';
import { configPath, readConfigText } from './config-file.ts';

export type LoadedConfig = {
  /** Absolute; there need be no such file. */
  readonly path: string;
  readonly exists: boolean;
  /** The usual one when anything in the file is wrong. */
  readonly config: ScreenConfig;
  /** What is wrong, as warnings: it stops nothing. */
  readonly warnings: readonly Diagnostic[];
  /** For the excerpts. */
  readonly sources: ReadonlyMap<string, string>;
};

/** Reads a person's own configuration of the screen. The names of its keys and colours are loaded when there is a file only. */
export async function loadConfig(call: Pick<Invocation, 'cwd' | 'env'>): Promise<LoadedConfig> {
  const { path } = configPath(call);
  const text = readConfigText(call);
  const none = { path, config: usualConfig, sources: new Map() };
  if (!text.ok) return { ...none, exists: text.error.code !== 'config/no-file', warnings: [asWarning(text.error)] };
  if (text.value === undefined) return { ...none, exists: false, warnings: [] };
  const { screenVocabulary } = await import('../../ui/config/screen-vocabulary.ts');
  const { config = usualConfig, diagnostics } = readScreenConfig(text.value, path, screenVocabulary);
  const warnings = diagnostics.map(asWarning);
  return { path, exists: true, config, warnings, sources: new Map([[path, text.value]]) };
}

/** The first mistake in one line, for a screen. */
export function describeMistake(warnings: readonly Diagnostic[]): string | undefined {
  const [first] = warnings;
  if (first === undefined) return undefined;
  return `${first.at === undefined ? '' : `${placeOf(first.at)}: `}${first.message}; the usual keys and colours hold`;
}

function placeOf({ file, line, col }: Location): string {
  return `${file.slice(file.lastIndexOf('/') + 1)}:${line}:${col}`;
}

function asWarning(mistake: Diagnostic): Diagnostic {
  return { ...mistake, severity: 'warning' };
}
