import { sleep } from '../lab/process.ts';
import { selfSign } from '../programs/certificates.ts';
import { secrets } from '../ward/secrets.ts';
import { bound, type Stage, say, serve } from './stage.ts';

export async function sendMail(stage: Stage): Promise<void> {
  await serve(stage, 'mail-b1', ['smtp', 'server'], { tcp: 25 }, { software: 'OpenSMTPD' });
  const host = stage.house.device('mail-b1').ip;
  const mail = {
    host,
    port: 25,
    from: 'canteen@hospital.example',
    to: 'ward5@hospital.example',
    subject: 'Week 48',
  };
  for (const id of ['pc-b1', 'pc-b2']) await say(stage, id, ['smtp', 'client'], mail);
}

/** rsyslogd takes what devices report in clear over UDP (RFC 5426). */
export async function keepLogs(stage: Stage): Promise<void> {
  const { lab, house } = stage;
  const config = lab.file(
    'rsyslog/rsyslog.conf',
    `module(load="imudp")\ninput(type="imudp" port="514")\n*.* ${lab.dir}/rsyslog/all.log\n`,
  );
  const log = house.device('log-b1');
  lab.startOn(log, ['rsyslogd', '-n', '-f', config, '-i', `${lab.dir}/rsyslog/pid`], {
    runDirs: ['rsyslog'],
  });
  await bound(stage, 'log-b1', 514);
  const send = (id: string, tag: string, text: string) =>
    lab.mustOn(house.device(id), ['logger', '-n', log.ip, '-P', '514', '-d', '-t', tag, text]);
  await send('sw-b1', 'LINK', 'port 7 is up');
  await send('ahu-b1', 'alarm', 'filter pressure high');
  await send('dc-b1', 'auth', 'session opened');
}

/** FreeRADIUS and a wireless user by way of the access point: EAP-MD5, as old devices have it. */
export async function admitTablet(stage: Stage): Promise<void> {
  const { lab, house } = stage;
  const server = house.device('radius-b1');
  const dir = radiusFolder(stage);
  lab.startOn(server, ['freeradius', '-f', '-l', 'stdout', '-d', dir], { runDirs: ['freeradius'] });
  await bound(stage, 'radius-b1', 1812);
  const supplicant = lab.file(
    'radius/supplicant.conf',
    `network={\nssid="ward"\nkey_mgmt=WPA-EAP\neap=MD5\nidentity="${secrets.wlanUser}"\npassword="${secrets.wlanPassword}"\n}\n`,
  );
  const point = ['-N', `32:s:${house.device('ap-b1').hostname}`, '-N', '30:s:00-13-92-63-15-B1:ward'];
  const argv = [
    'eapol_test',
    '-c',
    supplicant,
    '-a',
    server.ip,
    '-p',
    '1812',
    '-s',
    secrets.radiusSecret,
    '-n',
    '-t',
    '5',
    ...point,
  ];
  await lab.on(house.device('ap-b1'), argv, { timeoutMillis: 20_000 });
}

function radiusFolder({ lab, house }: Stage): string {
  const dir = lab.folder('radius/raddb');
  const client = `client ap {\n ipaddr = ${house.device('ap-b1').ip}\n secret = ${secrets.radiusSecret}\n}\n`;
  const eap = 'eap {\n default_eap_type = md5\n md5 {\n }\n}\n';
  const users = `${secrets.wlanUser} Cleartext-Password := "${secrets.wlanPassword}"\n`;
  lab.file('radius/raddb/users', users);
  const files = `files {\n usersfile = ${dir}/users\n}\n`;
  const site =
    'server default {\n listen {\n type = auth\n ipaddr = *\n port = 1812\n }\n authorize {\n files\n eap {\n ok = return\n }\n }\n authenticate {\n eap\n }\n}\n';
  const main = [
    'prefix = /usr',
    `raddbdir = ${dir}`,
    'libdir = /usr/lib/freeradius',
    `run_dir = ${lab.folder('radius/run')}`,
    'log {\n destination = stdout\n}',
    'security {\n allow_vulnerable_openssl = yes\n}',
    'thread pool {\n start_servers = 1\n}',
    client,
    `modules {\n ${files} ${eap}}`,
    site,
  ];
  lab.file('radius/raddb/radiusd.conf', `${main.join('\n')}\n`);
  return dir;
}

/** A service engineer looks at the MR console and at the theatre's video system, and works on the remote desktop server. */
export async function lookAtScreens(stage: Stage): Promise<void> {
  const { house, lab } = stage;
  const screens = [
    { id: 'mrcon-b1', name: house.identity('mrcon-b1').agent ?? 'MR Console' },
    { id: 'orv-b1', name: house.device('orv-b1').model ?? '' },
  ];
  for (const { id, name } of screens) {
    const at = house.port(id, 5900);
    await serve(stage, id, ['rfb', 'server'], { tcp: at }, { name });
    await say(stage, 'pc-b3', ['rfb', 'viewer'], { host: house.device(id).ip, port: at });
  }
  const server = house.device('ts-b1');
  const pair = await selfSign(lab, server.hostname);
  const config = lab.file(
    'xrdp/xrdp.ini',
    `[Globals]\nini_version=1\nport=3389\nsecurity_layer=tls\ncertificate=${pair.certificate}\nkey_file=${pair.key}\n[Logging]\nLogFile=${lab.dir}/xrdp/log\nEnableSyslog=false\n[Xorg]\nname=Xorg\nlib=libxup.so\nip=127.0.0.1\nport=-1\n`,
  );
  lab.startOn(server, ['xrdp', '--nodaemon', '--config', config], { runDirs: ['xrdp', 'xrdp/sockdir'] });
  await lab.listening(server, 3389);
  await say(stage, 'pc-b3', ['rdp', 'client'], { host: server.ip, port: 3389, user: secrets.rdpUser });
}

export async function queueResults(stage: Stage): Promise<void> {
  const product = stage.house.identity('mq-b1').agent ?? '';
  await serve(stage, 'mq-b1', ['amqp', 'broker'], { tcp: 5672 }, { product });
  const login = { user: secrets.amqpUser, password: secrets.amqpPassword };
  await say(stage, 'lis-b1', ['amqp', 'client'], {
    host: stage.house.device('mq-b1').ip,
    port: 5672,
    agent: 'LIS bus',
    ...login,
  });
}

/** What offices do all day: look up names, read the web, print. */
export async function workInOffice(stage: Stage): Promise<void> {
  const { house, lab } = stage;
  const web = house.device('web-b');
  const { certificate, key } = await selfSign(lab, web.hostname);
  lab.startOn(web, [
    'openssl',
    's_server',
    '-quiet',
    '-www',
    '-accept',
    '443',
    '-cert',
    certificate,
    '-key',
    key,
  ]);
  await lab.listening(web, 443);
  const round = ['pc-b1', 'pc-b2', 'pc-b3'];
  for (const id of [...round, ...round, ...round, ...round]) {
    const argv = ['curl', '-ksS', '-m', '10', '-o', '/dev/null', `https://${web.hostname}/`];
    await lab.mustOn(house.device(id), argv);
    await sleep(150);
  }
  const at = house.port('printer-b1', 9100);
  await serve(
    stage,
    'printer-b1',
    ['pjl', 'printer'],
    { tcp: at },
    { model: `${house.device('printer-b1').vendor} ${house.device('printer-b1').model}` },
  );
  await say(stage, 'pc-b2', ['pjl', 'client'], { host: house.device('printer-b1').ip, port: at });
}
