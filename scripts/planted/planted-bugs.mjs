// Bugs that `npm run simulate -- --planted` plants into the real code, one at a time. A bug that is not found is a gap of the
// simulated world or of its invariants. The first eleven are of kinds that other programs had.
import { carryingOutBugs } from './carrying-out-bugs.mjs';
import { schedulingBugs } from './scheduling-bugs.mjs';

/** In `file`, the only `from` becomes `to`. */
export const plantedBugs = [...schedulingBugs, ...carryingOutBugs];
