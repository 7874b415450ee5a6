import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type FirmwareRelease,
  type FirmwareStatus,
  firmwareKeySchema,
  firmwarePaperResponse,
  firmwarePublishResponse,
  firmwareReleasesResponse,
  firmwareStatusResponse,
} from '@wardline/model';
import { describe } from '@wardline/updates';
import type { Command } from 'commander';
import { askFor, type ServerFlags, sendJson, serverAccess } from '../../api/client.ts';
import { CommandError } from '../../exit-codes.ts';
import { kindOf } from '../../firmware/described.ts';
import { sealedSchema } from '../../firmware/drafts.ts';
import { publishedVersions, uploadImage } from '../../firmware/hand-in.ts';
import { bytesFrom, jsonFrom, textFrom, writeOnce } from '../../firmware/key-file.ts';
import { writeOut } from '../../terminal/output.ts';
import { printable } from '../../terminal/printable.ts';
import { tableLines } from '../../terminal/table.ts';
import { counted } from '../../terminal/units.ts';
import { userPath } from '../../working-directory.ts';
import { serverVerb } from '../server-verb.ts';
import { collect } from './flags.ts';

type Flags = ServerFlags & { json?: boolean };
type Access = Parameters<typeof askFor>[0];

const examples = `
Examples:
  wardline firmware online-key --out server.pub.json --reason "first key"
  wardline firmware publish --root 1.root.json --targets 1.targets.json --image pump-2.1.age --reason "first release"
  wardline firmware publish --role braun=4.braun.json --image pump-2.2.age --reason "CVE fixed"
  wardline firmware status

Exit codes: 0 done, 1 the server could not be asked or refused, 2 bad usage.`;

/** What a server is asked. */
export function addRepository(firmware: Command): void {
  verb(firmware, 'online-key', "make another key of the server's own, for timestamp and snapshot")
    .requiredOption('--out <file>', 'where its public half goes, for "firmware root --online-key"')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runOnlineKey);
  verb(firmware, 'publish', 'publish what people signed, images first')
    .option('--root <document>', 'a signed root; once for each, in order', collect, [])
    .option('--targets <document>', 'the signed top-level targets')
    .option('--role <name=document>', 'signed targets of a maker; once for each', collect, [])
    .option('--bins <folder>', 'signed lists of "firmware bins"; those that are new go')
    .option('--image <file>', 'an encrypted image with its FILE.json; once for each', collect, [])
    .option('--sbom <file>', 'a bill of materials that an image names; once for each', collect, [])
    .option('--provenance <file>', 'provenance that an image names; once for each', collect, [])
    .option('--builder-key <file>', 'the key that signed the provenance, in PEM')
    .requiredOption('--reason <text>', 'goes into the ledger')
    .action(runPublish);
  verb(firmware, 'status', 'tell who signs what, and until when').action(runStatus);
  verb(firmware, 'releases', 'list releases, newest first').action(runReleases);
}

const verb = (noun: Command, name: string, summary: string): Command =>
  serverVerb(noun, name, summary, examples).option('--json', 'print one JSON object and nothing else');

const say = (flags: Flags, value: unknown, lines: readonly string[]): Promise<void> =>
  writeOut([flags.json ? `${JSON.stringify(value, null, 2)}\n` : `${lines.map(printable).join('\n')}\n`]);

async function runOnlineKey(flags: Flags & { out: string; reason: string }): Promise<void> {
  const body = { reason: flags.reason };
  const made = await sendJson(await serverAccess(flags), 'api/v1/firmware/keys', body, firmwareKeySchema);
  const key = { id: made.id, type: 'ed25519', scheme: 'ed25519', public: made.public };
  writeOnce(flags.out, `${JSON.stringify(key, null, 2)}\n`, 0o644);
  await say(flags, made, [`Key ${made.number}, ${made.id}. It signs once a root names it.`]);
}

interface Publish {
  root: string[];
  targets?: string;
  role: string[];
  bins?: string;
  image: string[];
  sbom: string[];
  provenance: string[];
  builderKey?: string;
  reason: string;
}

async function runPublish(flags: Flags & Publish): Promise<void> {
  const access = await serverAccess(flags);
  if (flags.provenance.length > 0 && flags.builderKey === undefined)
    throw new CommandError('give --provenance and --builder-key together');
  for (const image of flags.image) await upload(access, image, flags.reason);
  await handIn(access, flags);
  const documents = [
    ...flags.root.map((file) => documentOf('root', file)),
    ...(flags.targets === undefined ? [] : [documentOf('targets', flags.targets)]),
    ...flags.role.map((text) =>
      documentOf(text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)),
    ),
    ...(flags.bins === undefined ? [] : await newBins(access, flags.bins)),
  ];
  const body = { documents, reason: flags.reason };
  const published = await sendJson(access, 'api/v1/firmware/publications', body, firmwarePublishResponse);
  const { root, snapshot, timestamp, images } = published;
  await say(flags, published, [
    `Published: root ${root}, snapshot ${snapshot}, timestamp ${timestamp}; ${images} images.`,
  ]);
}

async function handIn(access: Access, { sbom, provenance, builderKey, reason }: Publish): Promise<void> {
  const key = builderKey === undefined ? '' : bytesFrom(builderKey).toString('utf8');
  const papers = [
    ...sbom.map((file) => ({ kind: 'sbom', text: textFrom(file), builderKey: '', reason })),
    ...provenance.map((file) => ({ kind: 'provenance', text: textFrom(file), builderKey: key, reason })),
  ];
  for (const paper of papers) await sendJson(access, 'api/v1/firmware/papers', paper, firmwarePaperResponse);
}

function documentOf(role: string, file: string): { role: string; text: string } {
  const bytes = bytesFrom(file);
  return { role: role === '' ? kindOf(bytes) : role, text: bytes.toString('utf8') };
}

/** Lists in a folder that are newer than what is published. */
async function newBins(access: Access, folder: string): Promise<ReturnType<typeof documentOf>[]> {
  const versions = publishedVersions(await askFor(access, 'api/v1/firmware', firmwareStatusResponse));
  const documents = readdirSync(userPath(folder))
    .filter((name) => name.endsWith('.json'))
    .map((name) => documentOf(name.slice(0, -'.json'.length), join(folder, name)));
  return documents.filter(({ role, text }) => versionIn(text) > (versions.get(role) ?? 0));
}

const versionIn = (text: string): number => describe(Buffer.from(text)).version;

async function upload(access: Access, image: string, reason: string): Promise<void> {
  const { sha256 } = jsonFrom(`${image}.json`, sealedSchema);
  await uploadImage(access, userPath(image), sha256, reason);
}

async function runStatus(flags: Flags): Promise<void> {
  const status = await askFor(await serverAccess(flags), 'api/v1/firmware', firmwareStatusResponse);
  const keys = status.keys.map(
    ({ number, id, signs }) =>
      `Server key ${number}, ${id.slice(0, 12)}: ${signs ? 'signs' : 'signs nothing'}`,
  );
  const roles =
    status.roles.length === 0
      ? ['Nothing is published yet.']
      : tableLines(status.roles, roleColumns, process.stdout.columns ?? 120);
  await say(flags, status, [...roles, ...binLines(status), ...keys]);
}

function binLines({ bins }: FirmwareStatus): string[] {
  const [first] = bins.map(({ expires }) => expires.slice(0, 10)).sort();
  if (first === undefined) return [];
  const images = bins.reduce((sum, bin) => sum + bin.images, 0);
  return [
    `${counted(images, 'image')} spread over ${bins.length} lists, the first of which is good until ${first}.`,
  ];
}

type RoleRow = FirmwareStatus['roles'][number];
const roleColumns = [
  { heading: 'Role', value: (row: RoleRow) => row.role, least: 10 },
  { heading: 'Version', value: (row: RoleRow) => String(row.version), least: 7 },
  { heading: 'Good until', value: (row: RoleRow) => row.expires.slice(0, 10), least: 10 },
  { heading: 'Signatures', value: (row: RoleRow) => `${row.threshold} of ${row.keys.length}`, least: 10 },
  { heading: 'Images', value: (row: RoleRow) => String(row.images), least: 6 },
];

async function runReleases(flags: Flags): Promise<void> {
  const found = await askFor(await serverAccess(flags), 'api/v1/firmware/releases', firmwareReleasesResponse);
  await say(flags, found, tableLines(found.items, releaseColumns, process.stdout.columns ?? 120));
}

const releaseColumns = [
  { heading: 'Maker', value: (row: FirmwareRelease) => row.manufacturer, least: 8 },
  { heading: 'Model', value: (row: FirmwareRelease) => row.model, least: 8 },
  { heading: 'Version', value: (row: FirmwareRelease) => row.version, least: 8 },
  { heading: 'Security', value: (row: FirmwareRelease) => String(row.securityVersion), least: 8 },
  { heading: 'Group', value: (row: FirmwareRelease) => row.group, least: 8 },
  { heading: 'Built by', value: (row: FirmwareRelease) => row.provenance?.builder ?? 'not said', least: 8 },
  { heading: 'Devices', value: (row: FirmwareRelease) => `${row.running} of ${row.devices}`, least: 8 },
  { heading: 'Offered', value: (row: FirmwareRelease) => (row.withdrawn === null ? 'yes' : 'no'), least: 7 },
];
