import type { RegisterEntry, RegisterField } from '@wardline/model';
import { writeCsv } from '../csv-write.ts';

const headings: Record<RegisterField, string> = {
  tag: 'Asset Tag',
  vendor: 'Manufacturer',
  model: 'Model',
  serial: 'Serial Number',
  class: 'Device Type',
  mac: 'MAC Address',
  ip: 'IP Address',
  hostname: 'Hostname',
  software: 'Software Version',
  department: 'Department',
  location: 'Location',
  owner: 'Owner',
  criticality: 'Criticality',
  status: 'Status',
  notes: 'Notes',
};

/**
 * Writes a register as CSV that {@link parseRegister} reads back to the same entries and that no spreadsheet runs as
 * formulas; several addresses of one device stand in one cell, apart by "; ".
 */
export function writeRegister(entries: readonly RegisterEntry[]): string {
  const fields = Object.keys(headings) as RegisterField[];
  const rows = entries.map((entry) => fields.map((field) => cellOf(entry, field)));
  return writeCsv([fields.map((field) => headings[field]), ...rows]);
}

function cellOf(entry: RegisterEntry, field: RegisterField): string | null {
  if (field === 'mac') return entry.macs.join('; ');
  if (field === 'ip') return entry.ips.join('; ');
  return entry[field];
}
