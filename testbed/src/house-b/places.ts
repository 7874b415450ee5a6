import type { RegisterPart } from '../ward/device.ts';

export const vlansB = {
  imaging: 110,
  icu: 121,
  ward: 122,
  maternity: 123,
  clinical: 130,
  office: 140,
  theatre: 150,
  laboratory: 160,
  building: 170,
  management: 199,
} as const;

/** What stands somewhere in house B, whoever made it. */
export interface Place {
  id: string;
  name: string;
  vlan: number | null;
  /** Last octet of its address. */
  host: number;
  class: string;
  register: RegisterPart | null;
}

type Where = Pick<RegisterPart, 'department' | 'location' | 'owner' | 'criticality'>;
const biomed = (department: string, location: string, criticality = 'Life-critical'): Where => ({
  department,
  location,
  owner: 'Biomedical Engineering',
  criticality,
});
const it = (location: string, criticality = 'High'): Where => ({
  department: 'IT',
  location,
  owner: 'IT',
  criticality,
});
const facility = (location: string, criticality = 'Medium'): Where => ({
  department: 'Facilities',
  location,
  owner: 'Facilities',
  criticality,
});

let tag = 0;

function place(
  id: string,
  name: string,
  at: readonly [number, number],
  kind: string,
  type: string,
  where: Where | null,
): Place {
  tag += 1;
  const register = where === null ? null : { tag: `HB-${String(tag).padStart(4, '0')}`, type, ...where };
  return { id, name, vlan: at[0], host: at[1], class: kind, register };
}

const { icu, ward, maternity, clinical, office, theatre, laboratory, building, management, imaging } = vlansB;
const centre = 'Data centre B';

export const places: readonly Place[] = [
  place(
    'vent-b1',
    'Ventilator bed 11',
    [icu, 31],
    'ventilator',
    'Ventilator',
    biomed('ICU 3', 'ICU 3, bed 11'),
  ),
  place(
    'mon-b1',
    'Patient monitor bed 11',
    [icu, 41],
    'patient-monitor',
    'Patient Monitor',
    biomed('ICU 3', 'ICU 3, bed 11'),
  ),
  place(
    'mon-b2',
    'Patient monitor bed 12',
    [icu, 42],
    'patient-monitor',
    'Patient Monitor',
    biomed('ICU 3', 'ICU 3, bed 12'),
  ),
  place(
    'mon-b3',
    'Patient monitor bed 13',
    [icu, 43],
    'patient-monitor',
    'Patient Monitor',
    biomed('ICU 3', 'ICU 3, bed 13'),
  ),
  place(
    'central-b1',
    'Central station ICU 3',
    [icu, 10],
    'central-station',
    'Central Station',
    biomed('ICU 3', 'ICU 3, desk', 'High'),
  ),
  place(
    'pump-b1',
    'Infusion pump 11',
    [icu, 51],
    'infusion-pump',
    'Infusion Pump',
    biomed('ICU 3', 'ICU 3, bed 11'),
  ),
  place(
    'pump-b2',
    'Infusion pump 12',
    [icu, 52],
    'infusion-pump',
    'Infusion Pump',
    biomed('ICU 3', 'ICU 3, bed 12'),
  ),
  place(
    'gluc-b1',
    'Glucose meter ward 5',
    [ward, 31],
    'glucometer',
    'Glucose Meter',
    biomed('Ward 5', 'Ward 5, corridor', 'Medium'),
  ),
  place(
    'nc-b1',
    'Nurse call terminal room 5.12',
    [ward, 61],
    'nurse-call',
    'Nurse Call Terminal',
    facility('Ward 5, room 5.12', 'High'),
  ),
  place(
    'nc-b2',
    'Nurse call terminal room 7.03',
    [maternity, 61],
    'nurse-call',
    'Nurse Call Terminal',
    facility('Maternity, room 7.03', 'High'),
  ),
  place(
    'fetal-b1',
    'Fetal monitor delivery room 2',
    [maternity, 31],
    'fetal-monitor',
    'Fetal Monitor',
    biomed('Maternity', 'Delivery room 2', 'High'),
  ),
  place(
    'inc-b1',
    'Incubator neonatal 3',
    [maternity, 41],
    'incubator',
    'Incubator',
    biomed('Maternity', 'Neonatal, place 3'),
  ),
  place(
    'anaes-b1',
    'Anaesthesia machine theatre 1',
    [theatre, 31],
    'anaesthesia-machine',
    'Anaesthesia Machine',
    biomed('Operating theatres', 'Theatre 1'),
  ),
  place(
    'orv-b1',
    'Theatre video system',
    [theatre, 41],
    'surgical-system',
    'OR Integration System',
    biomed('Operating theatres', 'Theatre 1', 'High'),
  ),
  place(
    'gas-b1',
    'Medical gas alarm panel',
    [theatre, 71],
    'building-controller',
    'Medical Gas Alarm Panel',
    facility('Theatre corridor', 'Life-critical'),
  ),
  place(
    'mrcon-b1',
    'MR console',
    [imaging, 31],
    'imaging-workstation',
    'MR Console',
    biomed('Radiology', 'MR suite B', 'High'),
  ),
  place(
    'chem-b1',
    'Chemistry analyser',
    [laboratory, 31],
    'lab-analyser',
    'Laboratory Analyser',
    biomed('Laboratory', 'Core lab B', 'High'),
  ),
  place(
    'bga-b1',
    'Blood gas analyser',
    [laboratory, 32],
    'blood-gas',
    'Blood Gas Analyser',
    biomed('Laboratory', 'ICU 3, anteroom', 'High'),
  ),
  place(
    'fridge-b1',
    'Blood bank temperature logger',
    [laboratory, 71],
    'refrigerator-monitor',
    'Temperature Monitor',
    facility('Blood bank', 'High'),
  ),
  place(
    'ahu-b1',
    'Ventilation controller theatres',
    [building, 31],
    'building-controller',
    'Building Controller',
    facility('Roof B', 'High'),
  ),
  place(
    'ahu-b2',
    'Heating controller',
    [building, 32],
    'building-controller',
    'Building Controller',
    facility('Basement B'),
  ),
  place(
    'bms-b1',
    'Building control workstation',
    [building, 10],
    'workstation',
    'Workstation',
    facility('Control room'),
  ),
  place(
    'gasgw-b1',
    'Gas alarm gateway',
    [building, 11],
    'server',
    'Server',
    facility('Control room', 'High'),
  ),
  place(
    'light-b1',
    'Corridor lighting controller',
    [building, 51],
    'building-controller',
    'Lighting Controller',
    facility('Floor 5'),
  ),
  place(
    'cam-b1',
    'Camera ambulance bay',
    [building, 41],
    'camera',
    'Network Camera',
    facility('Ambulance bay'),
  ),
  place('cam-b2', 'Camera pharmacy', [building, 42], 'camera', 'Network Camera', facility('Pharmacy')),
  place('nvr-b1', 'Video recorder', [building, 12], 'server', 'Server', facility('Control room')),
  place(
    'door-b1',
    'Badge reader pharmacy',
    [building, 61],
    'access-control',
    'Badge Reader',
    facility('Pharmacy'),
  ),
  place(
    'door-b2',
    'Badge reader data centre',
    [building, 62],
    'access-control',
    'Badge Reader',
    facility(centre),
  ),
  place(
    'acc-b1',
    'Door controller',
    [building, 13],
    'access-control',
    'Access Control System',
    facility('Control room'),
  ),
  place(
    'rtls-b1',
    'Location gateway ward 5',
    [ward, 71],
    'location-system',
    'Location Gateway',
    facility('Ward 5, ceiling'),
  ),
  place(
    'rtlsrv-b1',
    'Location server',
    [clinical, 26],
    'location-system',
    'Location Server',
    it(centre, 'Medium'),
  ),
  place('dns-b1', 'DHCP and DNS server', [clinical, 10], 'dhcp-dns-server', 'DHCP/DNS Server', it(centre)),
  place('dc-b1', 'Domain controller', [clinical, 11], 'domain-controller', 'Domain Controller', it(centre)),
  place('mail-b1', 'Mail server', [clinical, 12], 'mail-server', 'Mail Server', it(centre)),
  place('log-b1', 'Log server', [clinical, 13], 'server', 'Server', it(centre)),
  place('radius-b1', 'RADIUS server', [clinical, 14], 'server', 'Server', it(centre)),
  place('mq-b1', 'Message broker', [clinical, 15], 'server', 'Server', it(centre)),
  place('ts-b1', 'Remote desktop server', [clinical, 16], 'server', 'Server', it(centre)),
  place(
    'pumpsrv-b1',
    'Infusion pump server',
    [clinical, 21],
    'infusion-server',
    'Infusion Pump Server',
    it(centre),
  ),
  place(
    'pocm-b1',
    'Point-of-care data manager',
    [clinical, 22],
    'poc-manager',
    'Point-of-Care Data Manager',
    it(centre),
  ),
  place('ncsrv-b1', 'Nurse call server', [clinical, 23], 'nurse-call', 'Nurse Call Server', it(centre)),
  place('lis-b1', 'Laboratory information system', [clinical, 24], 'lis', 'LIS', it(centre)),
  place(
    'obgw-b1',
    'Obstetric data gateway',
    [clinical, 25],
    'telemetry-gateway',
    'Device Integration Gateway',
    it(centre),
  ),
  place('pc-b1', 'Office PC ward 5', [office, 101], 'workstation', 'Workstation', it('Ward 5', 'Low')),
  place(
    'pc-b2',
    'Office PC admissions',
    [office, 102],
    'workstation',
    'Workstation',
    it('Admissions', 'Low'),
  ),
  place('pc-b3', 'Laptop of a visiting service engineer', [office, 103], 'workstation', 'Laptop', null),
  place('printer-b1', 'Office printer', [office, 30], 'printer', 'Printer', it('Admissions', 'Low')),
  place('phone-b1', 'Telephone admissions', [office, 60], 'voip-phone', 'IP Phone', it('Admissions', 'Low')),
  place('sw-b1', 'Access switch house B', [management, 2], 'switch', 'Switch', it('Wiring closet B')),
  place(
    'ap-b1',
    'Wireless access point ward 5',
    [management, 21],
    'access-point',
    'Access Point',
    it('Ward 5'),
  ),
  place('nms-b1', 'Network management station', [management, 10], 'server', 'Server', it(centre, 'Medium')),
  place('router-b', 'Router house B', [management, 1], 'router', 'Router', it('Wiring closet B')),
  {
    id: 'web-b',
    name: 'Web server on the internet',
    vlan: null,
    host: 80,
    class: 'external-host',
    register: null,
  },
];
