import type { Box } from '../space/packet.ts';

/** A service that gives hold of a machine or of its data, and so is for few. */
export interface RiskyService {
  name: string;
  transport: 'tcp' | 'udp';
  ports: readonly (readonly [first: number, last: number])[];
  /** It sends names and passwords, or data, for all to read. */
  plain: boolean;
}

export const riskyServices: readonly RiskyService[] = [
  { name: 'FTP', transport: 'tcp', ports: [[20, 21]], plain: true },
  { name: 'SSH', transport: 'tcp', ports: [[22, 22]], plain: false },
  { name: 'Telnet', transport: 'tcp', ports: [[23, 23]], plain: true },
  { name: 'TFTP', transport: 'udp', ports: [[69, 69]], plain: true },
  {
    name: 'DICOM',
    transport: 'tcp',
    ports: [
      [104, 104],
      [11_112, 11_112],
    ],
    plain: true,
  },
  { name: 'Windows RPC', transport: 'tcp', ports: [[135, 135]], plain: false },
  {
    name: 'Windows file sharing',
    transport: 'tcp',
    ports: [
      [139, 139],
      [445, 445],
    ],
    plain: false,
  },
  { name: 'SNMP', transport: 'udp', ports: [[161, 161]], plain: true },
  { name: 'remote shell', transport: 'tcp', ports: [[512, 514]], plain: true },
  { name: 'SQL Server', transport: 'tcp', ports: [[1433, 1434]], plain: false },
  { name: 'Oracle', transport: 'tcp', ports: [[1521, 1521]], plain: false },
  { name: 'NFS', transport: 'tcp', ports: [[2049, 2049]], plain: true },
  { name: 'HL7 over MLLP', transport: 'tcp', ports: [[2575, 2575]], plain: true },
  { name: 'MySQL', transport: 'tcp', ports: [[3306, 3306]], plain: false },
  { name: 'remote desktop', transport: 'tcp', ports: [[3389, 3389]], plain: false },
  { name: 'PostgreSQL', transport: 'tcp', ports: [[5432, 5432]], plain: false },
  { name: 'VNC', transport: 'tcp', ports: [[5900, 5909]], plain: true },
  { name: 'WinRM', transport: 'tcp', ports: [[5985, 5986]], plain: false },
  { name: 'X11', transport: 'tcp', ports: [[6000, 6063]], plain: true },
  { name: 'Redis', transport: 'tcp', ports: [[6379, 6379]], plain: true },
];

/** The packets that open a conversation of the service. */
export const boxOfService = ({ transport, ports }: RiskyService): Box => ({
  protocol: [transport === 'tcp' ? { first: 6n, last: 6n } : { first: 17n, last: 17n }],
  destinationPort: ports.map(([first, last]) => ({ first: BigInt(first), last: BigInt(last) })),
  established: [{ first: 0n, last: 0n }],
});
