import { expect, it } from 'vitest';
import { setSiteZone, showSpan, showTime, showUtc } from './time.ts';

it('shows the site’s zone and keeps the exact UTC', () => {
  setSiteZone('Europe/Berlin');
  expect(showTime('2026-11-23T23:30:00.123456Z')).toBe('24 Nov 2026, 00:30:00');
  expect(showUtc('2026-11-23T23:30:00.123456Z')).toBe('2026-11-23T23:30:00.123456Z');
});

it('reads microseconds where a fact carries them', () => {
  expect(showUtc(1_000_000)).toBe('1970-01-01T00:00:01.000Z');
});

it.each([
  ['2026-01-01T00:00:00Z', '2026-01-01T00:01:05Z', '65 s'],
  ['2026-01-01T00:00:00Z', '2026-01-01T00:45:00Z', '45 min'],
  ['2026-01-01T00:00:00Z', '2026-01-02T06:00:00Z', '30 h'],
  ['2026-01-01T00:00:00Z', '2026-01-09T00:00:00Z', '8 days'],
  ['2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z', '0 s'],
])('names the length from %s to %s', (from, to, span) => expect(showSpan(from, to)).toBe(span));
