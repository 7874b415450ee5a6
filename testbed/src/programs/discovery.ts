import type { Lab } from '../lab/lab.ts';
import { device } from '../ward/roster.ts';

/** LLDP from the switch and from the telephone; the agents are lldpd. */
export function startLldp(lab: Lab): void {
  const speakers = [
    {
      place: device('sw-1'),
      lines: ['configure system description "Cisco IOS Software, C2960X Software, Version 15.2(7)E3"'],
      flags: ['-i'],
    },
    {
      place: device('phone-1'),
      lines: [
        'configure system description "Polycom VVX 400 5.9.5"',
        'configure inventory manufacturer "Polycom"',
        'configure inventory model "VVX 400"',
        'configure inventory serial-number "64167f406060"',
        'configure inventory software-revision "5.9.5"',
        'configure inventory hardware-revision "1"',
        'configure inventory firmware-revision "5.9.5"',
        'configure inventory asset ""',
      ],
      flags: ['-M', '3'],
    },
  ];
  for (const { place, lines, flags } of speakers) {
    const all = [
      `configure system hostname "${place.hostname}"`,
      ...lines,
      'configure lldp tx-interval 5',
      '',
    ];
    lab.file(`lldp/${place.id}/testbed.conf`, all.join('\n'));
    lab.startOn(place, ['lldpd', '-d', '-I', 'eth0', ...flags], {
      binds: { [`${lab.dir}/lldp/${place.id}`]: '/etc/lldpd.d' },
      runDirs: ['lldpd'],
    });
  }
}

interface Announcement {
  type: string;
  port: number;
  txt: string[];
}

/** DNS-SD by avahi: the camera says what it is (the printer's program does so itself). */
export function startMdns(lab: Lab): void {
  announce(lab, 'cam-1', [
    { type: '_axis-video._tcp', port: 80, txt: ['macaddress=ACCC8E404040'] },
    { type: '_rtsp._tcp', port: 554, txt: ['path=axis-media/media.amp'] },
  ]);
}

function announce(lab: Lab, id: string, announcements: Announcement[]): void {
  const place = device(id);
  const config = [
    '[server]',
    `host-name=${place.hostname}`,
    'use-ipv6=no',
    'enable-dbus=no',
    'allow-interfaces=eth0',
    '[publish]',
    'publish-hinfo=no',
    'publish-workstation=no',
    '',
  ];
  lab.file(`avahi/${id}/avahi-daemon.conf`, config.join('\n'));
  for (const [n, { type, port, txt }] of announcements.entries()) {
    const records = txt.map((record) => `<txt-record>${record}</txt-record>`).join('');
    const service = `<service><type>${type}</type><port>${port}</port>${records}</service>`;
    const group = `<service-group><name>${place.name}</name>${service}</service-group>`;
    lab.file(`avahi/${id}/services/${n}.service`, `<?xml version="1.0"?>\n${group}\n`);
  }
  lab.startOn(place, ['avahi-daemon', '--no-drop-root', '--no-rlimits', '--no-chroot'], {
    binds: { [`${lab.dir}/avahi/${id}`]: '/etc/avahi' },
    runDirs: ['avahi-daemon'],
  });
}

/** The television: minidlna announces it over SSDP and describes it over HTTP. */
export async function startMediaServer(lab: Lab): Promise<void> {
  const tv = device('tv-1');
  const media = lab.folder('dlna/media');
  const config = lab.file(
    'dlna/minidlna.conf',
    [
      'port=8200',
      `media_dir=${media}`,
      `db_dir=${lab.folder('dlna/db')}`,
      `log_dir=${lab.folder('dlna/log')}`,
      'friendly_name=TV waiting room',
      'network_interface=eth0',
      'notify_interval=20',
      'inotify=no',
      'uuid=4d696e69-444c-164e-9d41-0007ab407070',
      '',
    ].join('\n'),
  );
  lab.startOn(tv, ['minidlnad', '-S', '-f', config, '-P', `${lab.dir}/dlna/pid`]);
  await lab.listening(tv, 8200);
}

export async function watchTelevision(lab: Lab): Promise<void> {
  await lab.mustOn(device('pc-1'), [
    'curl',
    '-fsS',
    '-m',
    '10',
    `http://${device('tv-1').ip}:8200/rootDesc.xml`,
  ]);
}
