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

it('deals one bound on memory to all tables, and takes what is named beside it', () => {
  const whole = parseLimits('memory=805306368');
  expect(whole).toMatchObject({ limits: { connections: 262_144, streamBytes: 48 * 1024 * 1024 } });
  const small = parseLimits('streams=99,memory=268435456');
  expect(small).toMatchObject({ limits: { connections: 41_391, sightings: 10_347, streams: 99 } });
  expect(small).not.toHaveProperty('limits.idleMicros');
});

it('refuses a memory in which the runtime alone has hardly room', () => {
  expect(parseLimits('memory=184549375')).toEqual({ problem: expect.stringContaining('184549376 bytes') });
  expect(parseLimits('memory=184549376')).toMatchObject({ limits: { connections: 6898 } });
});
