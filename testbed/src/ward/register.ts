import type { Device } from './device.ts';
import { roster } from './roster.ts';

const COLUMNS = [
  'Asset Tag',
  'Manufacturer',
  'Model',
  'Serial Number',
  'Device Type',
  'Hostname',
  'MAC Address',
  'IP Address',
  'Department',
  'Location',
  'Owner',
  'Criticality',
  'Status',
  'Software Version',
] as const;
type Row = Record<(typeof COLUMNS)[number], string>;

/** Registered, and nowhere to be seen. */
export const missingRows: Row[] = [
  {
    'Asset Tag': 'RAD-0015',
    Manufacturer: 'Siemens',
    Model: 'Magnet 1.5',
    'Serial Number': 'MR15-20077',
    'Device Type': 'MRI Scanner',
    Hostname: 'mr-1',
    'MAC Address': '00:01:E3:4C:10:77',
    'IP Address': '10.20.10.77',
    Department: 'Radiology',
    Location: 'MR suite, room R-020',
    Owner: 'Biomedical Engineering',
    Criticality: 'High',
    Status: 'In service',
    'Software Version': 'E11C',
  },
  {
    'Asset Tag': 'ECG-0044',
    Manufacturer: 'Schiller',
    Model: 'ECG Cart 12',
    'Serial Number': 'EC12-00918',
    'Device Type': 'ECG Recorder',
    Hostname: 'ecg-cart-4',
    'MAC Address': '00:0C:29:44:00:44',
    'IP Address': '',
    Department: 'Cardiology',
    Location: 'Cardiology, corridor',
    Owner: 'Biomedical Engineering',
    Criticality: 'Medium',
    Status: 'In service',
    'Software Version': '3.2',
  },
];

/** The hospital's register as its CMMS would export it. */
export function registerCsv(): string {
  const rows = roster.filter((d) => d.register !== null).map(registered);
  const lines = [...rows, ...missingRows].map((row) => COLUMNS.map((column) => field(row[column])).join(','));
  return `${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

function registered(d: Device): Row {
  const part = d.register!;
  const differs = part.differs ?? {};
  return {
    'Asset Tag': part.tag,
    Manufacturer: d.vendor ?? '',
    Model: d.model ?? '',
    'Serial Number': differs.serial ?? d.serial ?? '',
    'Device Type': part.type,
    Hostname: d.hostname,
    // No register knows the hardware address of what stands behind somebody else's router.
    'MAC Address': d.vlan === null ? '' : d.mac.toUpperCase(),
    // What gets its address by DHCP is seldom entered with one.
    'IP Address': differs.ip ?? (d.id.startsWith('laptop') ? '' : d.ip),
    Department: part.department,
    Location: part.location,
    Owner: part.owner,
    Criticality: part.criticality,
    Status: 'In service',
    'Software Version': differs.software ?? d.software ?? '',
  };
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
