import { pipeline } from './pipeline-shape.ts';
import type { JsonSchema } from './shape.ts';

/** The JSON Schema of the pipeline format, for editors. It rejects every value that the parser rejects without looking at other keys. */
export function pipelineSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'etl-tui pipeline',
    ...pipeline.schema,
  };
}
