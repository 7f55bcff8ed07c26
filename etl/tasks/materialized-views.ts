import { refreshMart } from '../derive/refresh-mart.ts';
import { runTask } from '../task-main.ts';

await runTask('materialized_views', refreshMart);
