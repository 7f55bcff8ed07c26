// The engine names moments in its own messages too, so the rule for them stands there.
export { formatMinute, formatMoment, formatTime } from '../../engine/index.ts';
