import { loadStadiums } from '../load/load-stadiums.ts';
import { runTask } from '../task-main.ts';

await runTask('stadium_reference', loadStadiums);
