import type { Lab } from '../lab/lab.ts';
import type { Device } from '../ward/device.ts';
import { device } from '../ward/roster.ts';
import { defaultCredential, patients, secrets } from '../ward/secrets.ts';
import type { KeyPair } from './certificates.ts';
import { capabilityStatement, observationResource, patientResource } from './fhir-resources.ts';
import { firmwareImage } from './firmware.ts';

interface DevicePage {
  device: Device;
  port: number;
  /** The Server header. */
  software: string;
  realm: string;
  user: string;
  password: string;
  title: string;
}

const pages: DevicePage[] = [
  {
    device: device('pump-2'),
    port: 80,
    software: 'IP-3 Web/2.4',
    realm: 'Infusion Pump IP-3 service',
    ...defaultCredential,
    title: 'Infusion Pump IP-3',
  },
  {
    device: device('engine-1'),
    port: 8080,
    software: 'InterfaceEngine/7.1',
    realm: 'Interface Engine Administration',
    ...defaultCredential,
    title: 'Interface Engine',
  },
  {
    device: device('cam-1'),
    port: 80,
    software: 'httpd-camera/1.4',
    realm: 'AXIS_ACCC8E404040',
    user: secrets.cameraUser,
    password: secrets.cameraPassword,
    title: 'Network Camera',
  },
];

/** Web pages of devices behind Basic authentication: lighttpd, whose Server header can be set. */
export async function startDevicePages(lab: Lab): Promise<void> {
  for (const page of pages) {
    const { id } = page.device;
    lab.file(`web/${id}/index.html`, `<!doctype html><title>${page.title}</title><h1>${page.title}</h1>\n`);
    const users = lab.file(`web/${id}.users`, `${page.user}:${page.password}\n`, 0o600);
    const config = lab.file(`web/${id}.conf`, pageConfig(lab, page, users));
    lab.startOn(page.device, ['lighttpd', '-D', '-f', config]);
    await lab.listening(page.device, page.port);
  }
}

function pageConfig(lab: Lab, page: DevicePage, users: string): string {
  return [
    'server.modules = ("mod_auth", "mod_authn_file")',
    `server.document-root = "${lab.dir}/web/${page.device.id}"`,
    `server.port = ${page.port}`,
    `server.tag = "${page.software}"`,
    'index-file.names = ("index.html")',
    'mimetype.assign = (".html" => "text/html")',
    'auth.backend = "plain"',
    `auth.backend.plain.userfile = "${users}"`,
    `auth.require = ("/" => ("method" => "basic", "realm" => "${page.realm}", "require" => "valid-user"))`,
    '',
  ].join('\n');
}

interface Site {
  device: Device;
  /** `listen` and TLS lines of nginx. */
  listen: string[];
  location: string;
  /** Of its configuration; the device's id where it has one site. */
  name?: string;
}

/** Web servers of systems: nginx, some with TLS, one with nothing newer than TLS 1.0 and 1.1. */
export async function startSites(lab: Lab, keys: Record<'ehr' | 'lis' | 'web', KeyPair>): Promise<void> {
  lab.file('site/firmware/ip3-firmware-2.4.1.img', firmwareImage('IP-3 firmware 2.4.1'));
  lab.file('site/index.html', '<!doctype html><title>Sample</title><p>Sample page\n');
  const ok = 'return 200 "ok\\n"';
  const old = 'ssl_protocols TLSv1 TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;';
  const sites: Site[] = [
    { device: device('pumpsrv-1'), listen: ['listen 80;'], location: 'return 204' },
    { device: device('ehr-1'), listen: tls(keys.ehr, 'ssl_protocols TLSv1.2 TLSv1.3;'), location: ok },
    { device: device('lis-1'), listen: tls(keys.lis, old), location: ok },
    {
      device: device('web-1'),
      listen: ['listen 80;', ...tls(keys.web, 'ssl_protocols TLSv1.2;')],
      location: `root ${lab.dir}/site`,
    },
  ];
  for (const site of sites) await startSite(lab, site);
  await startFhir(lab);
}

/** The record system's FHIR interface, open on the ward's networks: nginx with resources as files. */
async function startFhir(lab: Lab): Promise<void> {
  const folder = lab.folder('fhir');
  lab.file('fhir/metadata', JSON.stringify(capabilityStatement()));
  lab.file(`fhir/Patient/${patients[3].id}`, JSON.stringify(patientResource(patients[3])));
  await startSite(lab, {
    device: device('ehr-1'),
    name: 'ehr-fhir',
    listen: ['listen 8080;'],
    location: `if ($request_method = POST) { return 201; } default_type application/fhir+json; root ${folder}`,
  });
}

/** The trolley's monitor looks a patient up and files what it measured. */
export async function chartVitals(lab: Lab): Promise<void> {
  const fhir = 'http://ehr1.hospital.example:8080';
  const vitals = device('vs-1');
  const json = ['-A', 'VS-6/1.8', '-H', 'Accept: application/fhir+json'];
  for (const path of ['metadata', `Patient/${patients[3].id}`]) {
    await lab.mustOn(vitals, ['curl', '-fsS', '-m', '10', ...json, `${fhir}/${path}`]);
  }
  const body = JSON.stringify(observationResource(patients[3], vitals));
  const post = ['-H', 'Content-Type: application/fhir+json', '-d', body, `${fhir}/Observation`];
  await lab.mustOn(vitals, ['curl', '-sS', '-m', '10', ...json, ...post]);
}

async function startSite(lab: Lab, site: Site): Promise<void> {
  const id = site.name ?? site.device.id;
  const folder = lab.folder(`nginx/${id}`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join(' ');
  const config = lab.file(
    `nginx/${id}.conf`,
    `user root; daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr; events {}
http { access_log off; ${temporary} server { ${site.listen.join(' ')} location / { ${site.location}; } } }\n`,
  );
  lab.startOn(site.device, ['nginx', '-e', 'stderr', '-p', folder, '-c', config]);
  await lab.listening(site.device, Number(/\d+/.exec(site.listen[0] ?? '')?.[0]));
}

function tls({ key, certificate }: KeyPair, protocols: string): string[] {
  return ['listen 443 ssl;', `ssl_certificate ${certificate}; ssl_certificate_key ${key};`, protocols];
}

/** People and devices use the pages. */
export async function browse(lab: Lab, authority: KeyPair): Promise<void> {
  const pc = device('pc-1');
  const trust = ['--cacert', authority.certificate];
  await fetch(lab, pc, ['http://downloads.vendor.example/']);
  await fetch(lab, pc, ['--tls-max', '1.2', ...trust, 'https://downloads.vendor.example/']);
  await fetch(lab, pc, [...trust, 'https://ehr1.hospital.example/']);
  await fetch(lab, pc, [
    '-k',
    '--tls-max',
    '1.0',
    '--ciphers',
    'ALL:@SECLEVEL=0',
    'https://lis1.hospital.example/',
  ]);
  const login = `${defaultCredential.user}:${defaultCredential.password}`;
  await fetch(lab, pc, ['-u', login, 'http://interface1.hospital.example:8080/']);
  const guard = `${secrets.cameraUser}:${secrets.cameraPassword}`;
  await fetch(lab, pc, ['-u', guard, `http://${device('cam-1').ip}/`]);
}

/** A technician opens the pump's page with the password it was delivered with, after one wrong guess. */
export async function servicePump(lab: Lab, technician: Device): Promise<void> {
  const address = `http://${device('pump-2').ip}/`;
  await lab.on(technician, curl(['-u', `service:${secrets.ftpPassword}`, address]));
  await fetch(lab, technician, ['-u', `${defaultCredential.user}:${defaultCredential.password}`, address]);
}

/** Both pumps ask their server for a new drug library, as their own client software. */
export async function pollPumpServer(lab: Lab): Promise<void> {
  for (const id of ['pump-1', 'pump-2']) {
    const pump = device(id);
    const agent = ['-A', 'IP-3/2.4 (infusion pump)', '-d', '{"library":"2026-10","state":"infusing"}'];
    await lab.mustOn(pump, [
      'curl',
      '-fsS',
      '-m',
      '10',
      ...agent,
      'http://pumpserver1.hospital.example/status',
    ]);
  }
}

/** The pump server takes the new image from its maker, in clear. */
export async function downloadFirmware(lab: Lab): Promise<string> {
  const image = `${lab.dir}/ip3-firmware-2.4.1.img`;
  const url = 'http://downloads.vendor.example/firmware/ip3-firmware-2.4.1.img';
  await lab.mustOn(device('pumpsrv-1'), ['curl', '-fsS', '-m', '10', '-o', image, url]);
  return image;
}

const AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

function curl(args: string[]): string[] {
  return ['curl', '-fsS', '-m', '10', '-A', AGENT, ...args];
}

async function fetch(lab: Lab, from: Device, args: string[]): Promise<void> {
  await lab.mustOn(from, curl(args));
}
