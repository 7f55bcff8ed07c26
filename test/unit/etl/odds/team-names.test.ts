import { expect, test } from 'vitest';
import { teamCodeOfName } from '../../../../etl/sources/team-names.ts';

test('a club is found by each of its names, former ones included', () => {
  const codes = {
    'Washington Redskins': 'WAS',
    'Washington Football Team': 'WAS',
    'Washington Commanders': 'WAS',
    'Oakland Raiders': 'LV',
    'Las Vegas Raiders': 'LV',
    'San Diego Chargers': 'LAC',
    'St. Louis Rams': 'LA',
    'St Louis Rams': 'LA',
    'SAN FRANCISCO 49ERS': 'SF',
  };
  for (const [name, code] of Object.entries(codes)) expect(teamCodeOfName(name), name).toBe(code);
});

test('two clubs of one city are distinguished', () => {
  expect(teamCodeOfName('New York Giants')).toBe('NYG');
  expect(teamCodeOfName('New York Jets')).toBe('NYJ');
  expect(teamCodeOfName('Los Angeles Rams')).toBe('LA');
  expect(teamCodeOfName('Los Angeles Chargers')).toBe('LAC');
});

test('the sides of the Pro Bowl are not clubs', () => {
  expect(teamCodeOfName('AFC')).toBeUndefined();
});
