import { expect, test } from 'vitest';
import { weatherSite } from '../../../../etl/sources/weather/weather-stations.ts';
import { type ScheduledPlace, venueOf } from '../../../../etl/sources/weather/weather-venues.ts';

const game = (place: Partial<ScheduledPlace>): ScheduledPlace => ({
  gameId: '2026_05_AAA_BBB',
  gameType: 'REG',
  neutral: true,
  stadiumId: 'BUF00',
  stadiumName: 'Highmark Stadium',
  homeStadiumId: 'BUF00',
  ...place,
});

test('a home game is played where the schedule says', () => {
  expect(venueOf(game({ neutral: false }))).toEqual({ id: 'BUF00', corrected: false });
});

test("a neutral game in the home team's own stadium is corrected", () => {
  expect(venueOf(game({}))).toBeUndefined();
});

test('a neutral game with another stadium is kept', () => {
  expect(venueOf(game({ stadiumId: 'DET00', stadiumName: 'Ford Field' }))).toEqual({ id: 'DET00', corrected: false });
});

test("a Super Bowl in the home team's own stadium is kept", () => {
  expect(venueOf(game({ gameType: 'SB' }))).toEqual({ id: 'BUF00', corrected: false });
});

test('the name of a stadium abroad takes precedence over the id beside it', () => {
  const melbourne = game({ stadiumId: 'LAX01', stadiumName: 'Melbourne Cricket Ground', homeStadiumId: 'LAX01' });
  expect(venueOf(melbourne)).toEqual({ id: 'melbourne-cricket-ground', corrected: true });
  const london = game({ stadiumId: 'LON00', stadiumName: 'Wembley Stadium' });
  expect(venueOf(london)).toEqual({ id: 'LON00', corrected: false });
});

test('the games abroad that the schedule of 2025 has at home are corrected by their ids', () => {
  const dublin = game({ gameId: '2025_04_MIN_PIT', stadiumId: 'PIT00', stadiumName: 'Acrisure Stadium' });
  expect(venueOf(dublin)).toEqual({ id: 'croke-park', corrected: true });
});

test('every venue has a place and weather stations', () => {
  const abroad = ['GER00', 'FRA00', 'LON00', 'LON01', 'LON02', 'MEX00', 'SAO00', 'croke-park', 'bernabeu', 'maracana'];
  for (const venue of [...abroad, 'berlin-olympiastadion', 'melbourne-cricket-ground', 'stade-de-france']) {
    const site = weatherSite(venue);
    expect(site?.stations.length, venue).toBeGreaterThanOrEqual(2);
    expect(Math.abs(site?.latitude ?? 99), venue).toBeLessThan(60);
  }
  expect(weatherSite('NEW99')).toBeUndefined();
});
