import { aggregateEpa } from '../derive/aggregate-epa.ts';
import { runTask } from '../task-main.ts';

await runTask('epa_aggregation', aggregateEpa);
