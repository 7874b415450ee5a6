import { expect, it } from 'vitest';
import { defaultLimits } from './limits.ts';
import { parseLimits } from './limits-text.ts';

it('reads several bounds, with spaces', () => {
  expect(parseLimits('connections=65536, streamBytes = 1048576')).toEqual({
    limits: { connections: 65_536, streamBytes: 1_048_576 },
  });
  expect(parseLimits('')).toEqual({ limits: {} });
});

it('knows every bound there is', () => {
  for (const name of Object.keys(defaultLimits))
    expect(parseLimits(`${name}=7`)).toEqual({ limits: { [name]: 7 } });
});

it.each([
  'connections=0',
  'connections=',
  'connections=1e3',
  'connections=-4',
  'connections=99999999999999999999',
])('refuses %s and says what was expected', (text) => {
  expect(parseLimits(text)).toEqual({
    problem: expect.stringContaining('expected a whole number of 1 or more'),
  });
});

it.each(['conections=5', '__proto__=1', '5'])('refuses the name in %s and lists those there are', (text) => {
  expect(parseLimits(text)).toEqual({ problem: expect.stringContaining('there are connections, ') });
});
