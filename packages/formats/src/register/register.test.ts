import { type RegisterEntry, registerEntrySchema } from '@wardline/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CELL_CHARS, ISSUES_LISTED, REGISTER_COLUMNS } from '../limits.ts';
import { decodeText } from '../text-encoding.ts';
import { parseIps, parseMacs } from './addresses.ts';
import { guessMapping } from './headings.ts';
import { parseRegister } from './read.ts';
import { writeRegister } from './write.ts';

const english = 'Asset Tag,Mfr,Model No.,Ser. No.,MAC Address,IP,Dept\r\n';

it('guesses headings of common registers', () => {
  const guessed = Object.values(
    guessMapping(['Equipment ID', 'Mfr', 'Model', 'Ser. No.', 'Device Type', 'MAC Address', 'IP Addr.']),
  );
  expect(guessed).toEqual(['tag', 'vendor', 'model', 'serial', 'class', 'mac', 'ip']);
});

it.each([
  [['Inventar-Nr.', 'Hersteller', 'Gerätetyp', 'Seriennummer', 'Standort', 'Abteilung']],
  [['Nº inventario', 'Fabricante', 'Modelo', 'Número de serie', 'Ubicación', 'Departamento']],
  [["N° d'inventaire", 'Fabricant', 'Modèle', 'Numéro de série', 'Localisation', 'Département']],
])('guesses headings of other languages: %s', (columns) => {
  expect(Object.values(guessMapping(columns))).toEqual([
    'tag',
    'vendor',
    'model',
    'serial',
    'location',
    'department',
  ]);
});

it('gives a single-valued field to one column only and addresses to all that hold them', () => {
  const mapping = guessMapping(['Asset', 'LAN MAC', 'WLAN MAC', 'Serial', 'Old serial number']);
  expect(mapping).toEqual({ Asset: 'tag', 'LAN MAC': 'mac', 'WLAN MAC': 'mac', Serial: 'serial' });
});

it.each([',', ';', '\t', '|'])('finds the delimiter %j behind a byte-order mark', (delimiter) => {
  const csv = `\uFEFF${['Tag', 'Vendor', 'Notes'].join(delimiter)}\r\n${['1', 'A', '"x, y; z"'].join(delimiter)}\r\n`;
  const register = parseRegister(csv);
  expect(register.delimiter).toBe(delimiter);
  expect(register.entries[0]).toMatchObject({ row: 2, tag: '1', vendor: 'A', notes: 'x, y; z' });
});

it('takes the delimiter that Excel announces', () => {
  expect(parseRegister('sep=;\r\nTag;Vendor\r\n7;a,b,c\r\n').entries[0]).toMatchObject({
    row: 3,
    tag: '7',
    vendor: 'a,b,c',
  });
});

it('reads text in UTF-8, UTF-16 and Windows-1252', () => {
  expect(decodeText(Buffer.from('\uFEFFGerät'))).toBe('Gerät');
  expect(decodeText(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('Gerät', 'utf16le')]))).toBe(
    'Gerät',
  );
  expect(decodeText(Buffer.from([0x47, 0x65, 0x72, 0xe4, 0x74]))).toBe('Gerät');
});

it('counts rows as a spreadsheet does, with headings and empty lines', () => {
  const register = parseRegister(`${english}1,,,,,,\r\n\r\n2,,,,,,\r\n`);
  expect(register.entries.map((entry) => entry.row)).toEqual([2, 4]);
});

it.each([
  ['00:1B:17:AA:BB:CC'],
  ['00-1b-17-aa-bb-cc'],
  ['001b.17aa.bbcc'],
  ['001B17AABBCC'],
  ['0x001B17AABBCC'],
  ['001b17-aabbcc'],
  ['00 1b 17 aa bb cc'],
  ['0:1b:17:aa:bb:cc'],
  ['eth0: 00:1b:17:aa:bb:cc'],
  ['(WLAN) 001b.17aa.bbcc'],
])('reads the MAC address %s', (cell) => {
  expect(parseMacs(cell)).toEqual({ values: ['00:1b:17:aa:bb:cc'], problems: [] });
});

it('reads several MAC addresses of one cell in different spellings', () => {
  const cell = '00:1b:17:00:00:01, 001b.1700.0002/001B17000003\n00-1B-17-00-00-04 and 00:1b:17:00:00:01';
  expect(parseMacs(cell).values.map((mac) => mac.at(-1))).toEqual(['1', '2', '3', '4']);
  expect(parseMacs(cell).problems).toEqual([]);
});

it.each([
  ['1.23E+11', 'spreadsheet'],
  ['1B17AABBCCD', '11 of 12'],
  ['00:00:00:00:00:00', 'no device has'],
  ['01:00:5e:00:00:01', 'multicast'],
  ['00:11:22:33:44:55:66:77', '64 bits'],
  ['ask Bob', 'expected 12 hexadecimal digits'],
])('says what is wrong with the MAC address %s', (cell, words) => {
  const { values, problems } = parseMacs(cell);
  expect(values).toEqual([]);
  expect(problems.join()).toContain(words);
});

it.each([
  ['10.20.30.40', ['10.20.30.40']],
  ['010.001.002.003', ['10.1.2.3']],
  ['10.0.0.5/24; 10.0.1.5', ['10.0.0.5', '10.0.1.5']],
  ['2001:DB8:0:0:0:0:0:7', ['2001:db8::7']],
  ['[fe80::1%eth0]', ['fe80::1']],
  ['DHCP', []],
])('reads the IP addresses of %s', (cell, values) => {
  expect(parseIps(cell)).toEqual({ values, problems: [] });
});

it.each(['10.0.0.256', '10.0.0', '10.0.0.1-20', '0.0.0.0', '127.0.0.1', 'fe80:::1'])(
  'doubts the IP address %s',
  (cell) => {
    expect(parseIps(cell)).toMatchObject({ values: [], problems: [expect.any(String)] });
  },
);

it('locates an issue by row and column and says what was expected', () => {
  const { issues } = parseRegister(`${english}T1,,,,00:11:22,10.0.0.1,\r\n`);
  expect(issues).toEqual([
    {
      row: 2,
      column: 'MAC Address',
      severity: 'warning',
      message: expect.stringContaining('expected 12 hexadecimal digits'),
    },
  ]);
});

it('refuses a second row with the same tag and doubts shared serial numbers and addresses', () => {
  const { entries, issues } = parseRegister(
    `${english}T1,Acme,X,S1,00:1b:17:00:00:01,10.0.0.1,\r\nT1,Acme,X,S2,,,\r\nT2,ACME,X,s1,001b.1700.0001,10.0.0.1,\r\n`,
  );
  expect(entries.map((entry) => entry.tag)).toEqual(['T1', 'T2']);
  expect(issues.map(({ row, severity }) => [row, severity])).toEqual([
    [3, 'error'],
    [4, 'warning'],
    [4, 'warning'],
    [4, 'warning'],
  ]);
  expect(issues.map((issue) => issue.message).join()).toMatch(
    /tag T1 of row 2.*serial number s1 of T1 in row 2.*MAC.*IP/,
  );
});

it('lets a serial number stand in for a missing tag and refuses a row that names nothing', () => {
  const { entries, issues } = parseRegister(`${english},Acme,X,S9,,,\r\n,Acme,X,n/a,,,\r\n`);
  expect(entries.map((entry) => entry.tag)).toEqual(['S9']);
  expect(issues.map(({ row, severity }) => [row, severity])).toEqual([
    [2, 'warning'],
    [3, 'error'],
  ]);
});

it('takes a given mapping, whatever the case of its columns, and reports columns that are not there', () => {
  const { entries, issues } = parseRegister('Foo,Bar\n1,2\n', { foo: 'tag', bar: 'serial', baz: 'model' });
  expect(entries[0]).toMatchObject({ tag: '1', serial: '2' });
  expect(issues).toEqual([
    { row: 1, column: 'baz', severity: 'error', message: expect.stringContaining('Foo, Bar') },
  ]);
});

it('says so when no column names a device', () => {
  expect(parseRegister('colour,size\nred,3\n')).toMatchObject({
    entries: [],
    issues: [{ row: 1, severity: 'error' }],
  });
  expect(parseRegister('')).toMatchObject({ entries: [], issues: [{ row: 1, severity: 'error' }] });
});

it('keeps the rows before a quotation mark that never closes', () => {
  const { entries, issues } = parseRegister(`${english}T1,,,,,,\r\nT2,"oops,,,,,\r\nT3,,,,,,\r\n`);
  expect(entries.map((entry) => entry.tag)).toEqual(['T1']);
  expect(issues).toMatchObject([
    { row: 3, severity: 'error', message: expect.stringContaining('quotation mark') },
  ]);
});

it('reads the widest file and says what is beyond it', () => {
  const wide = (columns: number) =>
    ['tag', ...Array.from({ length: columns - 1 }, (_, i) => `c${i}`)].join(',');
  expect(parseRegister(`${wide(REGISTER_COLUMNS)}\nT1\n`).issues).toEqual([]);
  expect(parseRegister(`${wide(REGISTER_COLUMNS + 1)}\nT1\n`).issues).toHaveLength(1);
});

it('keeps a cell at its bound and cuts one beyond it', () => {
  const cell = 'x'.repeat(CELL_CHARS - 1);
  expect(parseRegister(`Tag,Notes\nT1,${cell}y\n`).issues).toEqual([]);
  const beyond = parseRegister(`Tag,Notes\nT1,${cell}yz\n`);
  expect(beyond.entries[0]?.notes).toHaveLength(CELL_CHARS);
  expect(beyond.issues).toHaveLength(1);
});

it('lists a bounded number of issues and counts the rest', () => {
  const rows = Array.from({ length: ISSUES_LISTED + 5 }, (_, index) => `T${index},zz`).join('\n');
  const { issues } = parseRegister(`Tag,MAC\n${rows}\n`);
  expect(issues).toHaveLength(ISSUES_LISTED + 1);
  expect(issues.at(-1)?.message).toBe('5 more issues are not listed');
});

it.each(['=cmd|calc', '+1', '-1', '@SUM(A1)', "'=1", '＝1'])(
  'writes %s so that no spreadsheet runs it',
  (value) => {
    const entry = { ...blank, tag: 'T', vendor: value };
    const csv = writeRegister([entry]);
    expect(csv).toContain(`'${value}`);
    expect(parseRegister(csv).entries).toEqual([entry]);
  },
);

const blank: RegisterEntry = {
  row: 2,
  tag: '',
  vendor: null,
  model: null,
  serial: null,
  class: null,
  macs: [],
  ips: [],
  hostname: null,
  software: null,
  department: null,
  location: null,
  owner: null,
  criticality: null,
  status: null,
  notes: null,
};

// Placeholders ("n/a", "0") read as nothing by design, so the letter keeps the texts clear of them.
const text = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .map((s) => `${s}q`.replaceAll(/[\p{Cc}\uFEFF]/gu, '').trim());
const mac = fc
  .uint8Array({ minLength: 6, maxLength: 6 })
  .map((b) =>
    Array.from(b, (x, i) => (i === 0 ? (x & 0xfc) | 2 : x).toString(16).padStart(2, '0')).join(':'),
  );
const ip = fc
  .tuple(fc.integer({ min: 1, max: 126 }), fc.nat(255), fc.nat(255), fc.nat(255))
  .map((o) => o.join('.'));
const optional = fc.option(text);
const entry = fc.record({
  tag: text,
  vendor: optional,
  model: optional,
  serial: optional,
  class: optional,
  hostname: optional,
  software: optional,
  department: optional,
  location: optional,
  owner: optional,
  criticality: optional,
  status: optional,
  notes: optional,
  macs: fc.uniqueArray(mac, { maxLength: 3 }),
  ips: fc.uniqueArray(ip, { maxLength: 3 }),
});

it('reads back what it wrote', () => {
  const registers = fc.uniqueArray(entry, { maxLength: 6, selector: (e) => e.tag });
  fc.assert(
    fc.property(registers, (list) => {
      const entries = list.map((e, index) => ({ ...e, row: index + 2 }));
      expect(parseRegister(writeRegister(entries)).entries).toEqual(entries);
    }),
    { seed: 7, numRuns: 150 },
  );
});

it('never throws, and gives entries that follow the schema', () => {
  const hostile = fc.array(
    fc.constantFrom(
      'Tag',
      'MAC',
      'Serial',
      '"',
      '""',
      ',',
      ';',
      '\r\n',
      '\n',
      '=1',
      '0',
      '\u0000',
      'é',
      '::',
      '__proto__',
      'constructor',
    ),
  );
  fc.assert(
    fc.property(hostile, (parts) => {
      for (const e of parseRegister(parts.join('')).entries) registerEntrySchema.parse(e);
    }),
    { seed: 11, numRuns: 400 },
  );
});
