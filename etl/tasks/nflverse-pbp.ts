import { loadPlays } from '../load/load-plays.ts';
import { runTask } from '../task-main.ts';

await runTask('nflverse_pbp', loadPlays);
