import type { Icon } from '../../display/states/icons.ts';
import { type Condition, taskDisplay } from '../../display/states/task-display.ts';
import { type Style, severityStyles, type Theme } from '../theme.ts';

/** The text of an icon; that of something running turns with time when `now` is given. */
export function iconText(icon: Icon, { icons, glyphs: { spinner } }: Theme, now?: number): string {
  if (icon === 'running' && now !== undefined) return spinner[Math.floor(now / turnMs) % spinner.length]!;
  return icons[icon];
}

export function conditionIcon(condition: Condition, theme: Theme, now?: number): string {
  return iconText(taskDisplay(condition).icon, theme, now);
}

export function conditionStyle(condition: Condition): Style {
  return severityStyles[taskDisplay(condition).severity];
}

const turnMs = 100;
