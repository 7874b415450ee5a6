import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Lab } from '../lab/lab.ts';
import { sleep } from '../lab/process.ts';
import { atBed, firmware, homeOf, logOf, type Machine, pumps, switchOn, ward } from './ward.ts';

const bin = fileURLToPath(new URL('../../../apps/cli/bin/wardline.mjs', import.meta.url));
const product = { manufacturer: 'B. Braun', model: 'Infusomat' };
const [DEVICE_PORT, REASON] = ['7402', ['--reason', 'a test']];
export const releases = { '2.1': true, '2.2': false, '2.3': true } as const;
export type Version = keyof typeof releases;

export interface RolloutSeen {
  state: string;
  devices: { asset: string; state: string; because: string | null; wave: number }[];
}

/** The hospital's people and their command lines. */
export class Hospital {
  readonly #lab: Lab;

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  at(name: string): string {
    return join(this.#lab.dir, name);
  }

  /** A command line of Wardline on a machine; what it printed. */
  async #wardline(where: Machine, ...args: string[]): Promise<string> {
    const argv = this.#lab.plainly(where, [process.execPath, bin, ...args]);
    const { stdout } = await this.#lab.must(argv, { env: this.#env() });
    return stdout;
  }

  #env(): Record<string, string> {
    return { NO_COLOR: '1', NODE_EXTRA_CA_CERTS: this.at('data/tls/cert.pem') };
  }

  readonly #server = ['--server', `https://${ward.server.ip}:7400`];

  asked(...args: string[]): Promise<string> {
    return this.#wardline(ward.server, ...args, ...this.#server, '--data', this.at('data'));
  }

  async #api<T>(path: string, body?: object): Promise<T> {
    const token = readFileSync(this.at('data/cli-token'), 'utf8').trim();
    const argv = [
      'curl',
      '-sSf',
      '--cacert',
      this.at('data/tls/cert.pem'),
      '-H',
      `authorization: Bearer ${token}`,
    ];
    if (body !== undefined) argv.push('-H', 'content-type: application/json', '--data', JSON.stringify(body));
    const url = `https://${ward.server.ip}:7400/api/v1/${path}`;
    const { stdout } = await this.#lab.must(this.#lab.plainly(ward.server, [...argv, url]));
    return JSON.parse(stdout) as T;
  }

  /** Server, the station of the ward, and a sensor that hears its switch. */
  async open(): Promise<void> {
    const lab = this.#lab;
    // The database runs as another user, who must get to its folder.
    chmodSync(lab.dir, 0o711);
    const speaker = (name: string) => fileURLToPath(new URL(`../speakers/${name}`, import.meta.url));
    lab.startOn(ward.station, [process.execPath, speaker('mllp-listen.ts'), '2575']);
    const told = JSON.stringify({ port: 8080, software: 'OnlineSuite/4.2' });
    lab.startOn(ward.station, [process.execPath, speaker('speak.ts'), 'pump', 'server', told]);
    const start = [process.execPath, bin, 'start', '--port', '7400', '--host', ward.server.ip];
    lab.startOn(ward.server, [...start, '--name', ward.server.ip, '--data', this.at('data')], {
      env: { WARDLINE_DEVICE_PORT: DEVICE_PORT },
    });
    while (!existsSync(this.at('data/cli-token'))) await sleep(50);
    await lab.listening(ward.server, 7400);
    const sense = [
      process.execPath,
      bin,
      'sense',
      '--interface',
      'br0',
      '--filter',
      `not host ${ward.switch.ip}`,
      '--flush',
      '1',
      '--no-spool',
    ];
    const token = ['--token-file', this.at('data/cli-token')];
    lab.startOn(ward.switch, [...sense, ...this.#server, ...token, '--sensor', 'ward'], { env: this.#env() });
  }

  /** An authority for the ward's devices, made as its ceremony says. */
  async foundAuthority(): Promise<void> {
    const [organization, domain] = ['General Hospital', 'icu.devices.hospital.example'];
    const offline = (...args: string[]) => this.#wardline(ward.server, 'pki', ...args);
    this.#lab.file('words', 'the four words on a card\n');
    const words = ['--passphrase-file', this.at('words')];
    await Promise.all([
      offline('init', this.at('root'), '--organization', organization, ...words),
      this.asked(
        'pki',
        'request',
        'icu',
        '--organization',
        organization,
        '--domain',
        domain,
        '--out',
        this.at('icu.csr'),
        ...REASON,
      ),
    ]);
    const zone = ['--root', this.at('root'), '--zone', 'icu', '--domain', domain, ...words];
    await offline('sign', this.at('icu.csr'), ...zone, '--out', this.at('icu.pem'));
    await this.asked('pki', 'install', this.at('icu.pem'), '--root', this.at('root/root.pem'), ...REASON);
  }

  /** Three releases, of which the second hangs as soon as it starts: nobody knows that yet. */
  async publish(): Promise<void> {
    const offline = (...args: string[]) => this.#wardline(ward.server, 'firmware', ...args);
    const key = ['--key', this.at('key.pem')];
    const [, group] = await Promise.all([
      offline('key-make', this.at('key.pem')),
      offline('group-make', this.at('pumps.key')),
      this.asked('firmware', 'online-key', '--out', this.at('server.json'), ...REASON),
    ]);
    const to = ['--to', /age1\w+/.exec(group)![0], '--group', 'pumps'];
    const what = ['--manufacturer', product.manufacturer, '--model', product.model, '--unsigned'];
    const sealed = Object.entries(releases).map(async ([version, works], n) => {
      const image = this.#lab.file(`${version}.bin`, firmware(version, works));
      const said = ['--software-version', version, '--security-version', `${8 + n}`];
      await offline('seal', image, ...what, ...said, ...to, '--out', this.at(`${version}.age`));
    });
    const signer = this.at('key.pem.pub.json');
    const people = ['--root-key', signer, '--targets-key', signer, '--threshold', '1'];
    await Promise.all([
      offline('root', ...people, '--online-key', this.at('server.json'), '--out', this.at('1.root.json')),
      ...sealed,
    ]);
    const versions = Object.keys(releases);
    const added = versions.flatMap((version) => ['--add', this.at(`${version}.age.json`)]);
    await offline('targets', ...added, '--out', this.at('1.targets.json'));
    await Promise.all(['root', 'targets'].map((role) => offline('sign', this.at(`1.${role}.json`), ...key)));
    const images = versions.flatMap((version) => ['--image', this.at(`${version}.age`)]);
    const documents = ['--root', this.at('1.root.json'), '--targets', this.at('1.targets.json')];
    await this.asked('firmware', 'publish', ...documents, ...images, ...REASON);
  }

  /** The asset that the sensor made of a machine. */
  async assetOf({ ip }: Machine): Promise<string> {
    for (;;) {
      const { items } = await this.#api<{ items: { id: string; ips: string[] }[] }>(`assets?q=${ip}`);
      const asset = items.find(({ ips }) => ips.includes(ip));
      if (asset !== undefined) return asset.id;
      await sleep(200);
    }
  }

  /** What a technician does with a new pump: it is named, enrolled and told what it trusts; 2.0 lies in its first slot. */
  async commission(pump: Machine): Promise<string> {
    const asset = await this.assetOf(pump);
    for (const [attribute, value] of [
      ['vendor', product.manufacturer],
      ['model', product.model],
    ] as const)
      await this.#api(`assets/${asset}/approvals`, { attribute, value, reason: 'on its plate' });
    const coded = await this.asked('enrolment', 'code', asset, '--zone', 'icu', ...REASON, '--json');
    const code = this.#lab.file(`${pump.id}/code`, (JSON.parse(coded) as { code: string }).code, 0o600);
    const { folder } = homeOf(this.#lab, pump);
    const agent = (...args: string[]) => this.#wardline(pump, 'agent', ...args, '--folder', folder);
    const fingerprint = async (file: string) => {
      const { stdout } = await this.#lab.must([
        'openssl',
        'x509',
        '-in',
        file,
        '-noout',
        '-fingerprint',
        '-sha256',
      ]);
      return stdout.split('=')[1]!.trim().replaceAll(':', '').toLowerCase();
    };
    const [root, own] = await Promise.all(
      [this.at('root/root.pem'), this.at('data/tls/cert.pem')].map(fingerprint),
    );
    const server = ['--server', `https://${ward.server.ip}:${DEVICE_PORT}`, '--server-fingerprint', own!];
    await agent('enrol', ...server, '--root', root!, '--code-file', code);
    const slots = [
      '--slot-a',
      this.#lab.file(`${pump.id}/a`, firmware('2.0', true)),
      '--slot-b',
      `${this.#lab.dir}/${pump.id}/b`,
    ];
    const ledger = (await this.#api<{ key: string }>('ledger/checkpoint')).key;
    const trusted = [
      '--root',
      this.at('1.root.json'),
      '--ledger-key',
      ledger,
      '--group-key',
      this.at('pumps.key'),
    ];
    const running = ['--software-version', '2.0', '--security-version', '7', '--group', 'pumps'];
    const what = ['--manufacturer', product.manufacturer, '--model', product.model];
    await agent('update-prepare', ...what, ...trusted, ...running, ...slots);
    return asset;
  }

  switchOn(pump: Machine): void {
    switchOn(this.#lab, pump, [process.execPath, bin, 'agent']);
  }

  /** @param waves cumulative shares in percent */
  async rollOut(version: Version, waves: string, ...more: string[]): Promise<string> {
    const path = `b-braun/infusomat/${version}.age`;
    const plan = [
      '--waves',
      waves,
      '--most-failed',
      '0',
      '--soak',
      '0',
      '--from',
      '0',
      '--hours',
      '24',
      ...more,
    ];
    const made = await this.asked('firmware', 'rollout', 'begin', path, ...plan, ...REASON, '--json');
    return (JSON.parse(made) as { id: string }).id;
  }

  rollout(id: string): Promise<RolloutSeen> {
    return this.#api(`firmware/rollouts/${id}`);
  }

  /** Bytes of an image that a pump has fetched; null where no download is under way. */
  fetched(pump: Machine): number | null {
    const folder = `${homeOf(this.#lab, pump).folder}/updates`;
    const part = readdirSync(folder).find((name) => name.startsWith('part-'));
    return part === undefined ? null : statSync(`${folder}/${part}`).size;
  }

  /** What a pump printed since power was first on: starts of its slots, and each step of its agent. */
  said(pump: Machine): string {
    return readFileSync(logOf(this.#lab, pump), 'utf8');
  }
}

/** The ward before its first update: pumps that run 2.0, the last of them with a patient. */
export async function commissionAll(lab: Lab, hospital: Hospital): Promise<string[]> {
  for (const pump of pumps) atBed(lab, pump, pump === pumps.at(-1), 'idle');
  // What makes the sensor hear of them before they run.
  for (const pump of pumps)
    await lab.mustOn(pump, ['curl', '-sSf', `http://${ward.station.ip}:8080/pump/v1/library`]);
  const assets = await Promise.all(pumps.map((pump) => hospital.commission(pump)));
  for (const pump of pumps) hospital.switchOn(pump);
  return assets;
}
