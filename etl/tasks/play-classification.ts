import { classifyPlays } from '../derive/classify-plays.ts';
import { runTask } from '../task-main.ts';

await runTask('play_classification', classifyPlays);
