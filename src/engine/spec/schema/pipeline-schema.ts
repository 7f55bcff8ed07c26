import { pipeline } from './pipeline-shape.ts';
import type { JsonSchema } from './shape.ts';

/** The JSON Schema of the pipeline format, for editors. It rejects every value that the parser rejects
 * without looking at other keys, but for a list that begins with a blank program. Passes ajv in strict mode, which has to be
 * told of `patternErrorMessage`, the words that editors show in place of a pattern. */
export function pipelineSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...pipeline.schema,
    title: 'etl-tui pipeline',
  };
}
