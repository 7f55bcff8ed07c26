import { buildAsofFeatures } from '../derive/build-asof-features.ts';
import { runTask } from '../task-main.ts';

await runTask('asof_features', buildAsofFeatures);
