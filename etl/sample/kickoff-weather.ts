import { weatherSite } from '../sources/weather-stations.ts';
import { easternMs } from './calendar.ts';
import { climateAt } from './climate.ts';
import type { Game } from './game.ts';

/** The weather at kickoff as the schedule tells it, in whole degrees Fahrenheit and miles per hour. */
export function kickoffWeather({ day, time, venue }: Game): { readonly fahrenheit: number; readonly mph: number } {
  const site = weatherSite(venue.stadiumId);
  if (site === undefined) throw new Error(`no such stadium: ${venue.stadiumId}`);
  const { temp, wind } = climateAt(site, easternMs(day, time === '' ? '13:00' : time));
  return { fahrenheit: Math.round(temp * 1.8 + 32), mph: Math.round(wind / 1.609) };
}
