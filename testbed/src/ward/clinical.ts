import { type Device, type RegisterPart, tcp, udp, vlans } from './device.ts';

/** A virtual machine of the hospital's data centre. */
const server = (
  n: number,
  part: Pick<Device, 'id' | 'name' | 'hostname' | 'class'> & Partial<Device> & { tag: string; type: string },
): Device => {
  const { tag, type, ...device } = part;
  const register: RegisterPart = {
    tag,
    type,
    department: 'IT',
    location: 'Data centre',
    owner: 'IT',
    criticality: 'High',
  };
  const unknown = { vendor: null, model: null, serial: null, software: null };
  const address = { mac: `00:50:56:a3:30:${n}`, ip: `10.20.30.${n}`, vlan: vlans.clinical };
  return { ...unknown, ...address, register, ...device };
};

export const clinical: Device[] = [
  server(10, {
    id: 'dns-1',
    name: 'DHCP and DNS server',
    hostname: 'ns1',
    class: 'dhcp-dns-server',
    services: [udp(53, 'dns'), udp(67, 'dhcp')],
    // It hands the telephone its image over TFTP.
    findings: ['firmware-cleartext'],
    tag: 'SRV-0010',
    type: 'DHCP/DNS Server',
  }),
  server(11, {
    id: 'ntp-1',
    name: 'Time server',
    hostname: 'ntp1',
    class: 'time-server',
    services: [udp(123, 'ntp')],
    tag: 'SRV-0011',
    type: 'Time Server',
  }),
  server(12, {
    id: 'fs-1',
    name: 'File server',
    hostname: 'fs1',
    class: 'file-server',
    services: [tcp(445, 'smb')],
    tag: 'SRV-0012',
    type: 'File Server',
  }),
  server(20, {
    id: 'pacs-1',
    name: 'PACS',
    hostname: 'pacs1',
    class: 'pacs',
    software: '1.10.1',
    services: [tcp(104, 'dicom'), tcp(8042, 'http')],
    findings: ['cleartext-phi', 'unauthenticated-service'],
    tag: 'SRV-0020',
    type: 'PACS',
  }),
  server(21, {
    id: 'mwl-1',
    name: 'Modality worklist server',
    hostname: 'mwl1',
    class: 'worklist-server',
    services: [tcp(104, 'dicom')],
    findings: ['cleartext-phi'],
    tag: 'SRV-0021',
    type: 'Worklist Server',
  }),
  server(25, {
    id: 'pumpsrv-1',
    name: 'Infusion pump server',
    hostname: 'pumpserver1',
    class: 'infusion-server',
    services: [tcp(80, 'http')],
    // It puts the pump's new image onto the pump over FTP.
    findings: ['firmware-cleartext', 'cleartext-phi'],
    tag: 'SRV-0025',
    type: 'Infusion Pump Server',
  }),
  server(40, {
    id: 'mqtt-1',
    name: 'Telemetry broker',
    hostname: 'mqtt1',
    class: 'mqtt-broker',
    services: [tcp(1883, 'mqtt'), tcp(8883, 'tls')],
    credentials: ['MQTT CONNECT'],
    findings: ['unauthenticated-service', 'cleartext-credential'],
    tag: 'SRV-0040',
    type: 'MQTT Broker',
  }),
  server(50, {
    id: 'ehr-1',
    name: 'Electronic health record',
    hostname: 'ehr1',
    class: 'ehr',
    services: [tcp(443, 'tls'), tcp(2575, 'hl7'), tcp(8080, 'http')],
    findings: ['cleartext-phi', 'unauthenticated-service'],
    tag: 'SRV-0050',
    type: 'EHR',
  }),
  server(51, {
    id: 'engine-1',
    name: 'Interface engine',
    hostname: 'interface1',
    class: 'interface-engine',
    services: [tcp(6661, 'hl7'), tcp(8080, 'http')],
    credentials: ['HTTP Basic'],
    findings: ['default-credential-accepted', 'cleartext-phi'],
    tag: 'SRV-0051',
    type: 'Interface Engine',
  }),
  server(52, {
    id: 'lis-1',
    name: 'Laboratory information system',
    hostname: 'lis1',
    class: 'lis',
    services: [tcp(2575, 'hl7'), tcp(443, 'tls')],
    findings: ['obsolete-tls'],
    tag: 'SRV-0052',
    type: 'LIS',
  }),
  {
    id: 'analyser-1',
    name: 'Haematology analyser',
    hostname: 'xn-lab-1',
    vlan: vlans.clinical,
    mac: '00:06:6b:30:00:61',
    ip: '10.20.30.61',
    class: 'lab-analyser',
    vendor: 'Sysmex',
    model: 'HA-1000',
    serial: 'HA1K-20417',
    software: null,
    findings: ['cleartext-phi'],
    register: {
      tag: 'LAB-0003',
      type: 'Laboratory Analyser',
      department: 'Laboratory',
      location: 'Core lab L-004',
      owner: 'Laboratory',
      criticality: 'High',
    },
  },
];
