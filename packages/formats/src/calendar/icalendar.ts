/** An entry of a calendar; instants in RFC 3339, UTC. */
export interface CalendarEntry {
  /** The same for the same entry in a later calendar, so that it replaces the earlier one. */
  id: string;
  from: string;
  until: string;
  title: string;
  text: string;
  place: string;
}

/** RFC 5545 §3.1: no line is longer than this many octets, the end of the line left out. */
const LINE_OCTETS = 75;

/** A calendar as text in the form of RFC 5545; `made` is when it was put together. */
export function writeCalendar(entries: readonly CalendarEntry[], made: string): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Wardline//Maintenance//EN',
    ...entries.flatMap((entry) => [
      'BEGIN:VEVENT',
      `UID:${escaped(entry.id)}`,
      `DTSTAMP:${utc(made)}`,
      `DTSTART:${utc(entry.from)}`,
      `DTEND:${utc(entry.until)}`,
      `SUMMARY:${escaped(entry.title)}`,
      `DESCRIPTION:${escaped(entry.text)}`,
      ...(entry.place === '' ? [] : [`LOCATION:${escaped(entry.place)}`]),
      // Proposed: nobody has said yes to it by its being here.
      'STATUS:TENTATIVE',
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

/** RFC 5545 §3.3.5, form 2: `2026-11-26T21:00:00Z` → `20261126T210000Z`. */
const utc = (instant: string): string => `${instant.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** RFC 5545 §3.3.11. What would end the line or is no text is left out. */
const escaped = (text: string): string =>
  text
    .replaceAll(/[\\;,]/g, (mark) => `\\${mark}`)
    .replaceAll(/\r\n|\r|\n/g, '\\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are no TEXT of RFC 5545
    .replaceAll(/[\u0000-\u0008\u000a-\u001f\u007f]/g, '');

/** RFC 5545 §3.1: long lines go on after a space; no character is cut in two. */
function folded(line: string): string {
  let text = '';
  let octets = 0;
  for (const character of line) {
    const more = Buffer.byteLength(character);
    if (octets + more > LINE_OCTETS) {
      text += '\r\n ';
      octets = 1;
    }
    text += character;
    octets += more;
  }
  return text;
}
