import { hashOf } from './random.ts';

export type Hour = {
  /** Degrees Celsius. */
  readonly temp: number;
  readonly humidity: number;
  /** Millimetres. */
  readonly rain: number;
  readonly windDirection: number;
  /** Kilometres per hour. */
  readonly wind: number;
  /** Hectopascal. */
  readonly pressure: number;
};

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const YEAR_HOURS = 8766;

/**
 * The weather of an invented climate at a place and moment: colder away from the equator, in winter and before dawn,
 * with fronts that pass within days. Every hour can be asked for by itself.
 */
export function climateAt(place: { readonly latitude: number; readonly longitude: number }, momentMs: number): Hour {
  const hour = Math.floor(momentMs / HOUR_MS);
  const fromEquator = Math.abs(place.latitude);
  const north = place.latitude >= 0 ? 1 : -1;
  // Warmest in the second half of July in the north; 1970 began at hour 0.
  const season = Math.cos(((hour - 4850) / YEAR_HOURS) * 2 * Math.PI) * north;
  const sunHour = hour + place.longitude / 15;
  const daily = Math.cos(((sunHour - 15) / DAY_HOURS) * 2 * Math.PI);
  const phase = phaseOf(place);
  const front =
    Math.sin(hour / 17.3 + phase) + Math.sin(hour / 29.9 + 2.1 * phase) + Math.sin(hour / 8.7 + 3.3 * phase);
  const noise = ((Math.imul(hour ^ (phase * 1e6), 0x9e3779b1) >>> 16) & 0xff) / 255;
  // Ships and the gulf stream keep Europe warmer than America at the same latitude.
  const mild = place.longitude > -15 && place.longitude < 40 ? 6 : 0;
  const temp =
    28 -
    0.72 * Math.max(0, fromEquator - 20) +
    mild +
    (2 + 0.28 * fromEquator - mild) * season +
    4.5 * daily +
    2.2 * front;
  const wet = Math.max(0, front - 1.9);
  return {
    temp: round(temp + noise, 1),
    humidity: Math.round(Math.max(18, Math.min(100, 64 - 14 * daily + 14 * front))),
    rain: round(wet * 3 * noise, 1),
    windDirection: Math.round(((front * 60 + noise * 40 + phase * 57) % 360) + 360) % 360,
    wind: round(Math.max(0, 11 + 4 * front + 3 * daily + 6 * (noise - 0.5)), 1),
    pressure: round(1015 - 4 * front, 1),
  };
}

const phases = new Map<string, number>();

function phaseOf({ latitude, longitude }: { readonly latitude: number; readonly longitude: number }): number {
  // Places near each other have the same weather.
  const region = `${Math.round(latitude / 2)} ${Math.round(longitude / 2)}`;
  const known = phases.get(region);
  if (known !== undefined) return known;
  const phase = (hashOf(region) % 628) / 100;
  phases.set(region, phase);
  return phase;
}

function round(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
