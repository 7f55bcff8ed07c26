import { configSchema, pipelineSchema } from '../../engine/index.ts';
import { exitCodes } from '../exit-code.ts';
import type { Invocation } from '../invocation.ts';

export type SchemaOf = 'pipeline' | 'config';

/** Prints the JSON Schema of pipeline files or of the configuration, for an editor to be pointed at. */
export async function schema(of: SchemaOf, { out }: Invocation): Promise<number> {
  out.write(`${JSON.stringify(of === 'pipeline' ? pipelineSchema() : await ownSchema(), null, 2)}\n`);
  return exitCodes.success;
}

async function ownSchema(): Promise<unknown> {
  const { screenVocabulary } = await import('../../ui/config/screen-vocabulary.ts');
  return configSchema(screenVocabulary);
}
