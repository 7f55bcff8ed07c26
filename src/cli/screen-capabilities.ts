import type { Capabilities } from '../ui/terminal/capabilities.ts';
import type { DisplayOptions, Invocation } from './invocation.ts';

/** What the terminal that we were called in can do for a screen. */
export async function screenCapabilities(look: DisplayOptions, { env, out }: Invocation): Promise<Capabilities> {
  const { readCapabilities } = await import('../ui/terminal/capabilities.ts');
  return readCapabilities({
    env,
    inputIsTerminal: process.stdin.isTTY === true,
    outputIsTerminal: out.isTerminal,
    color: look.color,
    ascii: look.ascii === true,
  });
}
