import { pipelineSchema } from '../../engine/index.ts';
import { exitCodes } from '../exit-code.ts';
import type { Invocation } from '../invocation.ts';

/** Prints the JSON Schema of pipeline files, for an editor to be pointed at. */
export function schema({ out }: Invocation): number {
  out.write(`${JSON.stringify(pipelineSchema(), null, 2)}\n`);
  return exitCodes.success;
}
