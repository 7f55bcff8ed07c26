import { loadGames } from '../load/load-games.ts';
import { runTask } from '../task-main.ts';

await runTask('nflverse_schedules', loadGames);
