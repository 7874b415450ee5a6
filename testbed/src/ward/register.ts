import type { Device } from './device.ts';
import type { House } from './house.ts';
import { COLUMNS, type MissingRow as Row } from './missing.ts';

/** The hospital's register as its CMMS would export it. */
export function registerCsv(house: House): string {
  const rows = house.roster.filter((d) => d.register !== null).map(registered);
  const lines = [...rows, ...house.missing].map((row) =>
    COLUMNS.map((column) => field(row[column])).join(','),
  );
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
