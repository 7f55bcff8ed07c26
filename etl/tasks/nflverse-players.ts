import { loadRosters } from '../load/load-rosters.ts';
import { runTask } from '../task-main.ts';

await runTask('nflverse_players', loadRosters);
