/** The columns of the register as the CMMS would export it. */
export const COLUMNS = [
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
export type MissingRow = Record<(typeof COLUMNS)[number], string>;

/** Registered, and nowhere to be seen. */
export const missingRows: MissingRow[] = [
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
