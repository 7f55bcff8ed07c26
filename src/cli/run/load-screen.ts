import { displayText } from '../../engine/index.ts';
import type { ScreenSetup } from '../../ui/config/choose-theme.ts';
import type * as screen from '../../ui/run-ui.tsx';
import type { Capabilities } from '../../ui/terminal/capabilities.ts';
import { describeMistake, loadConfig } from '../config/load-config.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import type { ReporterName } from '../reporters/create-reporter.ts';

/**
 * Loads the screen. Its layout engine asks for `fetch` to unpack itself, which would load Node's whole HTTP client: without
 * it the first picture comes 40 ms earlier.
 */
export async function loadScreen(): Promise<typeof screen> {
  const { fetch } = globalThis;
  Reflect.deleteProperty(globalThis, 'fetch');
  try {
    return await import('../../ui/run-ui.tsx');
  } finally {
    globalThis.fetch = fetch;
  }
}

/** What the terminal that we were called in can do for a screen. */
export async function screenCapabilities(display: DisplayOptions, { env, out }: Invocation): Promise<Capabilities> {
  const { readCapabilities } = await import('../../ui/terminal/capabilities.ts');
  return readCapabilities({
    env,
    inputIsTerminal: process.stdin.isTTY === true,
    outputIsTerminal: out.isTerminal,
    color: display.color,
    ascii: display.ascii === true,
  });
}

type ScreenChoice = DisplayOptions & {
  readonly ci?: true;
  /** False with `--no-tui`. */
  readonly tui: boolean;
  readonly reporter: ReporterName;
};

/** What the terminal can do and its user has chosen, when a screen is wanted and can be drawn. */
export async function wantedScreen(options: ScreenChoice, invocation: Invocation): Promise<ScreenSetup | undefined> {
  const isWanted = options.ci !== true && options.tui && options.reporter === 'plain';
  if (!isWanted || !invocation.out.isTerminal) return undefined;
  const capabilities = await screenCapabilities(options, invocation);
  return capabilities.plainBecause === undefined ? withConfig(capabilities, options, invocation) : undefined;
}

/** Adds what the user has chosen for screens; what is wrong with it is printed, and shown on the screen as well. */
export async function withConfig(
  capabilities: Capabilities,
  options: DisplayOptions,
  invocation: Invocation,
): Promise<ScreenSetup> {
  const { path, config, warnings, sources } = await loadConfig(invocation);
  showDiagnostics(warnings, options, invocation, sources);
  if (warnings.length > 0)
    invocation.err.write(
      `Until this is right, nothing of ${displayText(path)} counts: keys and colours are the usual ones.\n`,
    );
  const mistake = describeMistake(warnings);
  return { ...capabilities, config, ...(mistake === undefined ? {} : { mistake }) };
}
