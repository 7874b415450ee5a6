import { expect, it } from 'vitest';
import { displayWidth, fitted, fittedInside, indented, printable } from './printable.ts';
import { createProgress } from './progress.ts';
import { styleFor } from './style.ts';
import { tableLines } from './table.ts';
import { byteSize } from './units.ts';

it('shows control characters and marks of direction as dots', () => {
  expect(printable('a\u001b[2Jb\r\nc\u202ed\u009be')).toBe('a·[2Jb··c·d·e');
});

it('measures and cuts by columns, not by characters', () => {
  expect([displayWidth('监护仪'), displayWidth('e\u0301'), displayWidth('abc')]).toEqual([6, 1, 3]);
  expect(fitted('监护仪', 5)).toBe('监护…');
  expect(fittedInside('infusionpump-icu2-02', 12)).toBe('infusi…u2-02');
});

it('wraps with a hanging indent within the width', () => {
  const lines = indented('one two three four five six seven', 25, ' 1. ', '      ');
  expect(lines).toEqual([' 1. one two three four', '      five six seven']);
});

const rows = [{ name: 'infusionpump-icu2-02', vlan: '20' }];
const columns = [
  { heading: 'Name', value: (row: (typeof rows)[number]) => row.name, least: 8 },
  { heading: 'VLAN', value: (row: (typeof rows)[number]) => row.vlan, least: 4, rank: 1 },
];

it.each([30, 20, 14, 10])('fits a table into %i columns', (width) => {
  const lines = tableLines(rows, columns, width);
  expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
  expect(lines[0]?.includes('VLAN')).toBe(width >= 14);
});

it('moves one line on a terminal and says little in a log', () => {
  const written: string[] = [];
  let now = 0;
  const write = (text: string) => written.push(text);
  const terminal = createProgress({ isTTY: true, columns: 10, write }, () => now);
  terminal.step('reading a long name');
  terminal.step('too soon');
  terminal.clear();
  expect(written).toEqual(['\r\u001b[Kreading …', '\r\u001b[K']);
  written.length = 0;
  const log = createProgress({ write }, () => now);
  log.step('nothing yet');
  now = 10_000;
  log.step('still at it');
  log.clear();
  expect(written).toEqual(['still at it\n']);
});

it('colours only a terminal that wants it', () => {
  expect(styleFor({ isTTY: true }, { TERM: 'xterm' }).bold('x')).toBe('\u001b[1mx\u001b[22m');
  for (const [stream, env] of [
    [{}, {}],
    [{ isTTY: true }, { NO_COLOR: '1' }],
    [{ isTTY: true }, { TERM: 'dumb' }],
  ] as const)
    expect(styleFor(stream, env).bold('x')).toBe('x');
});

it('writes sizes as people do', () => {
  expect([0, 999, 1000, 1_100_000, 25_000_000_000].map(byteSize)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '1.1 MB',
    '25 GB',
  ]);
});
