import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  binName,
  binOf,
  type DelegationPlan,
  type DocumentSigner,
  draftOf,
  type Firmware,
  firmwareDocument,
  groupKeyOf,
  lookUp,
  type MetadataSource,
  NOTHING,
  openImage,
  publish,
  Roster,
  refresh,
  rootDocument,
  type Standing,
  sealImage,
  signDocument,
  signerOf,
  sourceOf,
  storeOf,
  type TargetPlan,
  targetsDocument,
} from '@wardline/updates';
import { isInstalled, measure } from './measured.ts';

const IMAGES = 50_000;
const DEVICES = 100_000;
const MAKERS = 50;
const BITS = 10;
const MEBIBYTES = 512;
const YEAR = 365 * 86_400_000;
const IDENTITY = 'AGE-SECRET-KEY-184JMZMVQH3E6U0PSL869004Y3U2NYV7R30EU99CSEDNPH02YUVFSZW44VU';

/** Prints what devices fetch and how long it takes, by how the list is divided, and how fast images are sealed and opened beside age. */
export async function run(args: string[]): Promise<void> {
  const [images = IMAGES, devices = DEVICES, mebibytes = MEBIBYTES] = args.map(Number);
  console.log(`${images.toLocaleString('en')} images`);
  for (const form of ['makers', 'bins'] as const) await measureList(form, images);
  await measureRoster(devices);
  await measureImages(mebibytes);
}

const newSigner = (): DocumentSigner => signerOf(generateKeyPairSync('ed25519').privateKey);

function imageOf(number: number): TargetPlan {
  const maker = number % MAKERS;
  const sha256 = createHash('sha256').update(String(number)).digest('hex');
  const firmware: Firmware = {
    manufacturer: `Maker ${maker}`,
    model: `Model ${number % 2000}`,
    version: `${number}.0`,
    securityVersion: number,
    group: 'all',
    plaintext: { length: 1_000_000, sha256 },
    makerKey: '',
  };
  const path = `maker${maker}/model${number % 2000}/${number}.age`;
  return { path, length: 1_000_200, sha256, custom: { firmware: firmwareDocument(firmware) } };
}

async function measureList(form: 'makers' | 'bins', images: number): Promise<void> {
  const standing = await repository(form, images);
  const path = imageOf(images - 1).path;
  const store = storeOf(NOTHING, standing.roots[0]);
  const first = await timed(standing, store, path);
  const again = await timed(standing, store, path);
  const words = form === 'makers' ? `${MAKERS} makers` : `${2 ** BITS} bins`;
  console.log(
    `  ${words.padEnd(11)} a new device fetches ${kib(first.bytes)} in ${first.ms.toFixed(0)} ms, each day ${kib(again.bytes)} in ${again.ms.toFixed(0)} ms`,
  );
}

const kib = (bytes: number): string => `${Math.round(bytes / 1024).toLocaleString('en')} KiB`;

async function repository(form: 'makers' | 'bins', images: number): Promise<Standing> {
  const [root, targets, list, online] = [newSigner(), newSigner(), newSigner(), newSigner()];
  const expires = Date.now() + YEAR;
  const role = ({ key }: DocumentSigner) => ({ keyIds: [key.id], threshold: 1 });
  const keys = [root, targets, online].map(({ key }) => key);
  const roles = { root: role(root), targets: role(targets), snapshot: role(online), timestamp: role(online) };
  const sign = (document: ReturnType<typeof rootDocument>, by: DocumentSigner) =>
    signDocument(draftOf(document), [by]);
  const lists = Map.groupBy(
    Array.from({ length: images }, (_, number) => imageOf(number)),
    ({ path }) => (form === 'makers' ? path.split('/')[0]! : binName('bin', BITS, binOf(path, BITS))),
  );
  const makers = [...lists.keys()].map(
    (name): DelegationPlan => ({ name, ...role(list), paths: [`${name}/*/*`], isTerminating: true }),
  );
  const bins = { ...role(list), bits: BITS, prefix: 'bin' };
  const delegations = { keys: [list.key], ...(form === 'makers' ? { roles: makers } : { bins }) };
  const names = form === 'makers' ? [...lists.keys()] : allBins();
  const signed = await Promise.all(
    names.map(
      async (name): Promise<[string, Uint8Array]> => [
        name,
        await sign(targetsDocument({ version: 1, expires, targets: lists.get(name) ?? [] }), list),
      ],
    ),
  );
  const top = await sign(targetsDocument({ version: 1, expires, targets: [], delegations }), targets);
  const first = await sign(rootDocument({ version: 1, expires, keys, roles }), root);
  const terms = { signers: [online], now: Date.now(), snapshotUntil: expires, timestampUntil: expires };
  const made = await publish(
    NOTHING,
    { roots: [first], roles: new Map([['targets', top], ...signed]) },
    terms,
  );
  if (!made.ok) throw made.fault;
  return made.value.standing;
}

const allBins = (): string[] => Array.from({ length: 2 ** BITS }, (_, bin) => binName('bin', BITS, bin));

async function timed(standing: Standing, store: ReturnType<typeof storeOf>, path: string) {
  const source = sourceOf(standing);
  let bytes = 0;
  const counted: MetadataSource = {
    metadata: async (name, most) => {
      const file = await source.metadata(name, most);
      bytes += file?.length ?? 0;
      return file;
    },
  };
  const session = { start: Date.now(), store, source: counted };
  const begun = performance.now();
  const trusted = await refresh(session);
  if (!trusted.ok) throw trusted.fault;
  const found = await lookUp(session, trusted.value, path);
  if (!found.ok) throw found.fault;
  return { bytes, ms: performance.now() - begun };
}

/** What an instruction costs where a rollout has so many devices. */
async function measureRoster(devices: number): Promise<void> {
  const names = Array.from({ length: devices }, (_, number) => `a-${number.toString(16).padStart(8, '0')}`);
  const begun = performance.now();
  const roster = new Roster(names);
  const root = await roster.root();
  const built = performance.now() - begun;
  const place = await roster.placeOf(names[devices >> 1]!);
  console.log(
    `A rollout to ${devices.toLocaleString('en')} devices: its roster in ${built.toFixed(0)} ms (${root.slice(0, 8)}…), ${place!.proof.length} hashes for each device`,
  );
}

async function measureImages(mebibytes: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'wardline-updates-'));
  try {
    const image = join(folder, 'image');
    fill(image, mebibytes);
    const recipient = await groupKeyOf(IDENTITY);
    const ours = await ownSpeed(image, recipient, mebibytes);
    const sum = speed(['sha256sum', image], mebibytes);
    console.log(`${mebibytes} MiB, MiB a second of one core`);
    tell('sealed', ours.sealed, null);
    tell('verified and opened', ours.opened, null);
    tell('sha256sum', sum, ours.opened / sum);
    if (!isInstalled('age')) return console.log('  age is not installed (Debian: age)');
    const [sealed, key] = [join(folder, 'sealed'), join(folder, 'key')];
    writeFileSync(key, `${IDENTITY}\n`, { mode: 0o600 });
    const encrypts = speed(['age', '-r', recipient, '-o', sealed, image], mebibytes);
    const decrypts = speed(['age', '-d', '-i', key, '-o', join(folder, 'opened'), sealed], mebibytes);
    tell('age encrypts', encrypts, ours.sealed / encrypts);
    tell('age decrypts', decrypts, ours.opened / decrypts);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function tell(what: string, rate: number, ratio: number | null): void {
  const beside = ratio === null ? '' : `   ratio ${ratio.toFixed(2)}`;
  console.log(`  ${what.padEnd(20)} ${rate.toFixed(0).padStart(6)}${beside}`);
}

function fill(file: string, mebibytes: number): void {
  const handle = openSync(file, 'w');
  const piece = Buffer.alloc(1024 * 1024, 'an image that does not repeat within a mebibyte, nearly; ');
  for (let number = 0; number < mebibytes; number++) {
    piece.writeUInt32LE(number);
    writeSync(handle, piece);
  }
  closeSync(handle);
}

const speed = (command: string[], mebibytes: number): number => mebibytes / measure(command).cpuSeconds;

async function ownSpeed(image: string, recipient: string, mebibytes: number) {
  const cpu = (since: NodeJS.CpuUsage) => {
    const { user, system } = process.cpuUsage(since);
    return mebibytes / ((user + system) / 1e6);
  };
  const [sealed, opened] = [`${image}.sealed`, `${image}.opened`];
  let begun = process.cpuUsage();
  const made = await sealImage(createReadStream(image), recipient);
  await pipeline(made.bytes, createWriteStream(sealed));
  const sealing = cpu(begun);
  const firmware = { plaintext: made.plaintext() } as Firmware;
  begun = process.cpuUsage();
  await pipeline(openImage(createReadStream(sealed), IDENTITY, firmware), createWriteStream(opened));
  return { sealed: sealing, opened: cpu(begun) };
}
