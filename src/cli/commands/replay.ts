import { openReplay } from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { Invocation } from '../invocation.ts';
import { loadScreen, screenCapabilities, withConfig } from '../run/load-screen.ts';
import { namedRun, refuse, type StoredRunOptions } from '../stored-runs/stored-runs.ts';

export type ReplayOptions = StoredRunOptions & { readonly speed: number };

/** Shows a run of the past again, on the screen. */
export async function replay(named: string, options: ReplayOptions, invocation: Invocation): Promise<number> {
  const found = await namedRun(named, options, invocation);
  if (typeof found === 'number') return found;
  const capabilities = await screenCapabilities(options, invocation);
  if (capabilities.plainBecause !== undefined) {
    const message = `a replay needs a terminal: ${capabilities.plainBecause}`;
    const hint = `use etl-tui show ${found.run}`;
    return refuse({ code: 'usage/bad-argument', severity: 'error', message, hint }, options, invocation);
  }
  const opened = await openReplay(found.logDir, found.run, options.speed);
  if (!opened.ok) return refuse(opened.error, options, invocation);
  const past = opened.value;
  const setup = await withConfig(capabilities, options, invocation);
  const { runUi } = await loadScreen();
  const shown = runUi(past, { env: invocation.env, setup });
  past.playback.resume();
  const { error } = await shown;
  past.close();
  showDiagnostics(past.notices, options, invocation);
  if (error !== undefined) throw error;
  return exitCodes.success;
}
