import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CalendarEntry, writeCalendar } from './icalendar.ts';

const entry = (own: Partial<CalendarEntry>): CalendarEntry => ({
  id: 'u1',
  from: '2026-11-26T21:00:00.000000Z',
  until: '2026-11-26T23:00:00.000000Z',
  title: 'Update',
  text: '',
  place: '',
  ...own,
});

/** Reads lines back as RFC 5545 §3.1 and §3.3.11 say. */
function readBack(text: string): Record<string, string> {
  const lines = text.replaceAll('\r\n ', '').split('\r\n');
  return Object.fromEntries(
    lines
      .filter((line) => line.includes(':'))
      .map((line) => [
        line.slice(0, line.indexOf(':')),
        line.slice(line.indexOf(':') + 1).replaceAll(/\\(.)/g, (_, mark) => (mark === 'n' ? '\n' : mark)),
      ]),
  );
}

it('writes an entry as RFC 5545 has it', () => {
  const text = writeCalendar([entry({ place: 'Ward 3' })], '2026-11-20T08:00:00.000000Z');
  expect(text.split('\r\n')).toEqual([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Wardline//Maintenance//EN',
    'BEGIN:VEVENT',
    'UID:u1',
    'DTSTAMP:20261120T080000Z',
    'DTSTART:20261126T210000Z',
    'DTEND:20261126T230000Z',
    'SUMMARY:Update',
    'DESCRIPTION:',
    'LOCATION:Ward 3',
    'STATUS:TENTATIVE',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]);
});

it('keeps every text whole, no line too long, and lets no text begin a line of its own', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (title) => {
      const text = writeCalendar(
        [entry({ title, text: 'END:VEVENT\r\nBEGIN:VEVENT' })],
        '2026-01-01T00:00:00Z',
      );
      for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
      expect(text.match(/^BEGIN:VEVENT$/gm)).toHaveLength(1);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are left out
      const plain = title.replaceAll(/\r\n?/g, '\n').replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
      expect(readBack(text).SUMMARY).toBe(plain);
    }),
    { numRuns: 300, seed: 40 },
  );
});
