import { secrets } from '../ward/secrets.ts';
import { bound, type Stage } from './stage.ts';

/** The switch announces itself by CDP and LLDP, the access point by LLDP; the agents are lldpd. */
export function announce({ lab, house }: Stage): void {
  const [sw, ap] = [house.device('sw-b1'), house.device('ap-b1')];
  const speakers = [
    {
      place: sw,
      text: `${sw.vendor} access switch, software 15.2`,
      more: [], // Version 2 is what switches speak.
      flags: ['-ccc', '-i'],
    },
    {
      place: ap,
      text: `${ap.vendor} ${ap.model} wireless access point`,
      more: ['configure system capabilities enabled wlan'],
      flags: [],
    },
  ];
  for (const { place, text, more, flags } of speakers) {
    const lines = [
      `configure system hostname "${place.hostname}"`,
      `configure system description "${text}"`,
      ...more,
    ];
    lab.file(`lldp/${place.id}/testbed.conf`, [...lines, 'configure lldp tx-interval 5', ''].join('\n'));
    lab.startOn(place, ['lldpd', '-d', '-I', 'eth0', ...flags], {
      binds: { [`${lab.dir}/lldp/${place.id}`]: '/etc/lldpd.d' },
      runDirs: ['lldpd'],
    });
  }
}

/** SNMP: the switch by version 3, the temperature logger by version 2c with the community of delivery. */
export async function pollAgents(stage: Stage): Promise<void> {
  const { lab, house } = stage;
  const { snmpV3User: user, snmpV3Auth: auth, snmpV3Privacy: privacy } = secrets;
  const logger = house.device('fridge-b1');
  const agents = {
    'sw-b1': [
      `sysDescr ${house.device('sw-b1').vendor} switch`,
      `createUser ${user} SHA "${auth}" AES "${privacy}"`,
      `rouser ${user} priv`,
    ],
    'fridge-b1': [
      `sysDescr ${logger.vendor} ${logger.model} temperature monitor, firmware ${logger.software}`,
      'rocommunity public',
    ],
  };
  for (const [id, lines] of Object.entries(agents)) {
    const config = lab.file(
      `snmp/${id}.conf`,
      [`sysName ${house.device(id).hostname}`, ...lines, ''].join('\n'),
      0o600,
    );
    const env = { SNMP_PERSISTENT_DIR: lab.folder(`snmp/${id}`), MIBS: '' };
    lab.startOn(house.device(id), ['snmpd', '-f', '-C', '-c', config, '-Lo', '-I', '-smux', 'udp:161'], {
      env,
    });
    await bound(stage, id, 161);
  }
  const ask = (...argv: string[]) =>
    lab.mustOn(house.device('nms-b1'), argv, { env: { MIBS: '' }, timeoutMillis: 20_000 });
  await ask('snmpwalk', '-v2c', '-c', 'public', '-t', '2', logger.ip, '1.3.6.1.2.1.1');
  const v3 = ['-v3', '-l', 'authPriv', '-u', user, '-a', 'SHA', '-A', auth, '-x', 'AES', '-X', privacy];
  await ask('snmpget', ...v3, house.device('sw-b1').ip, '1.3.6.1.2.1.1.1.0');
}
