import type * as screen from '../../ui/run-ui.tsx';
import type { Capabilities } from '../../ui/terminal/capabilities.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';

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
