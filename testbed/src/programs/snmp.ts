import type { Lab } from '../lab/lab.ts';
import type { Device } from '../ward/device.ts';
import { device } from '../ward/roster.ts';
import { secrets } from '../ward/secrets.ts';

interface Agent {
  device: Device;
  description: string;
  objectId: string;
  location: string;
  community: string;
  /** ENTITY-MIB (RFC 6933) entPhysicalTable, column → value of the chassis. */
  entity?: Record<number, string>;
}

const MODEL_NAME = 13;
const SERIAL_NUMBER = 11;
const SOFTWARE_REVISION = 10;
const MANUFACTURER = 12;
const ENTITY = '1.3.6.1.2.1.47.1.1.1.1';

const agents: Agent[] = [
  {
    device: device('router-1'),
    description:
      'Cisco IOS Software, C3900 Software (C3900-UNIVERSALK9-M), Version 15.7(3)M4, RELEASE SOFTWARE',
    objectId: '.1.3.6.1.4.1.9.1.1041',
    location: 'Data centre',
    community: 'public',
  },
  {
    device: device('sw-1'),
    description:
      'Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E3, RELEASE SOFTWARE',
    objectId: '.1.3.6.1.4.1.9.1.1208',
    location: 'Wiring closet ICU 2',
    community: secrets.snmpCommunity,
    entity: {
      [SOFTWARE_REVISION]: '15.2(7)E3',
      [SERIAL_NUMBER]: device('sw-1').serial ?? '',
      [MANUFACTURER]: 'Cisco',
      [MODEL_NAME]: 'WS-C2960X-48FPS-L',
    },
  },
  {
    device: device('ups-1'),
    description:
      'APC Web/SNMP Management Card (MB:v4.2.9 PF:v6.9.6 PN:apc_hw05_aos_696.bin AF1:v6.9.6) Smart-UPS',
    objectId: '.1.3.6.1.4.1.318.1.3.27',
    location: 'Wiring closet ICU 2',
    community: 'public',
  },
  {
    device: device('printer-1'),
    description: 'HP ETHERNET MULTI-ENVIRONMENT, LaserPrint 400, SN:VNB3K40030, FN:20260101',
    objectId: '.1.3.6.1.4.1.11.2.3.9.1',
    location: 'Reception',
    community: 'public',
  },
];

export function startAgents(lab: Lab): void {
  for (const agent of agents) {
    const { id } = agent.device;
    const config = lab.file(`snmp/${id}.conf`, agentConfig(agent), 0o600);
    const env = { SNMP_PERSISTENT_DIR: lab.folder(`snmp/${id}`), MIBS: '' };
    lab.startOn(agent.device, ['snmpd', '-f', '-C', '-c', config, '-Lo', '-I', '-smux', 'udp:161'], { env });
  }
}

function agentConfig(agent: Agent): string {
  const { snmpV3User, snmpV3Auth, snmpV3Privacy } = secrets;
  const entity = Object.entries(agent.entity ?? {}).map(
    ([column, value]) => `override ${ENTITY}.${column}.1 octet_str "${value}"`,
  );
  return [
    `sysDescr ${agent.description}`,
    `sysObjectID ${agent.objectId}`,
    `sysName ${agent.device.hostname}`,
    `sysLocation ${agent.location}`,
    `rocommunity ${agent.community}`,
    `createUser ${snmpV3User} SHA "${snmpV3Auth}" AES "${snmpV3Privacy}"`,
    `rouser ${snmpV3User} priv`,
    ...entity,
    '',
  ].join('\n');
}

/** The management station asks every agent for its system group, the switch for its chassis, the router over SNMPv3. */
export async function pollAgents(lab: Lab): Promise<void> {
  const station = device('nms-1');
  const env = { MIBS: '' };
  const ask = (argv: string[]) => lab.mustOn(station, argv, { env, timeoutMillis: 20_000 });
  for (const {
    device: { ip },
    community,
    entity,
  } of agents) {
    await ask(['snmpwalk', '-v2c', '-c', community, '-t', '2', ip, '1.3.6.1.2.1.1']);
    if (entity)
      await ask([
        'snmpget',
        '-v2c',
        '-c',
        community,
        ip,
        ...Object.keys(entity).map((c) => `${ENTITY}.${c}.1`),
      ]);
  }
  await ask(['snmpget', '-v1', '-c', 'public', device('ups-1').ip, '1.3.6.1.2.1.1.5.0']);
  const { snmpV3User, snmpV3Auth, snmpV3Privacy } = secrets;
  const v3 = [
    '-v3',
    '-l',
    'authPriv',
    '-u',
    snmpV3User,
    '-a',
    'SHA',
    '-A',
    snmpV3Auth,
    '-x',
    'AES',
    '-X',
    snmpV3Privacy,
  ];
  await ask(['snmpget', ...v3, device('router-1').ip, '1.3.6.1.2.1.1.1.0']);
}
