import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import {
  type Firmware,
  firmwareDocument,
  firmwareFrom,
  type Papers,
  readProvenance,
  sealImage,
  UpdatesFault,
} from '@wardline/updates';
import type { Command } from 'commander';
import { CommandError, exitCodes } from '../../exit-codes.ts';
import { bytesFrom, textFrom, writeOnce } from '../../firmware/key-file.ts';
import { checkMaker } from '../../firmware/maker-signature.ts';
import { writeOut } from '../../terminal/output.ts';
import { keepWhole } from '../../updates/disk-store.ts';
import { userPath } from '../../working-directory.ts';
import { collect, count } from './flags.ts';

interface Flags {
  json?: boolean;
  to: string;
  out: string;
  manufacturer: string;
  model: string;
  softwareVersion: string;
  securityVersion: number;
  group: string;
  signature?: string;
  makerKey?: string;
  unsigned?: boolean;
  sbom?: string;
  provenance?: string;
  builderKey?: string;
  advisory: string[];
}

/** Takes a maker's image in: its signature is checked, and it leaves encrypted to its devices. */
export function addSeal(firmware: Command): void {
  firmware
    .command('seal <image>')
    .summary("check a maker's signature on an image, and encrypt it to a group of devices")
    .requiredOption('--to <key>', 'the group, age1…')
    .requiredOption('--group <name>', 'what the group is called')
    .requiredOption('--manufacturer <name>', 'whose devices')
    .requiredOption('--model <name>', 'which model')
    .requiredOption('--software-version <version>', 'as the maker calls it')
    .requiredOption('--security-version <number>', 'only goes up: devices take none below their own', count)
    .option('--signature <file>', "the maker's detached signature")
    .option('--maker-key <file>', "the maker's public key or certificate, in PEM, or of OpenPGP in armour")
    .option('--unsigned', 'the maker signs nothing; this is written down for every reader')
    .option('--sbom <file>', 'its bill of materials, which the server will score it by')
    .option('--provenance <file>', 'who built it and from what: SLSA in an in-toto statement in DSSE')
    .option('--builder-key <file>', "the builder's public key or certificate, in PEM")
    .option(
      '--advisory <name>',
      'an advisory that it answers: an address or identifier; once for each',
      collect,
      [],
    )
    .requiredOption('--out <file>', 'the encrypted image; what it is goes beside it, as FILE.json')
    .option('--json', 'print one JSON object and nothing else')
    .addHelpText(
      'after',
      `
Example:
  wardline firmware seal pump-2.1.bin --signature pump-2.1.sig --maker-key braun.pem --manufacturer "B. Braun" --model Infusomat \\
    --software-version 2.1 --security-version 8 --to age1… --group icu-pumps --out pump-2.1.age
Ends with 3 where the image is not what the maker signed, or not what the builder built.`,
    )
    .action(runSeal);
}

async function runSeal(image: string, flags: Flags): Promise<void> {
  if (!existsSync(userPath(image))) throw new CommandError(`${image} is not there`, exitCodes.failed);
  if (existsSync(userPath(flags.out)))
    throw new CommandError(`${flags.out} is there already`, exitCodes.failed);
  const makerKey = await makerOf(image, flags);
  const papers = papersFor(flags, await imageDigest(image));
  const { sha256, length, plaintext } = await sealTo(image, flags);
  const firmware = told({
    manufacturer: flags.manufacturer,
    model: flags.model,
    version: flags.softwareVersion,
    securityVersion: flags.securityVersion,
    group: flags.group,
    plaintext,
    makerKey,
    ...(papers === null ? {} : { papers }),
  });
  const path = [flags.manufacturer, flags.model, flags.softwareVersion].map(asPart).join('/');
  const target = { path: `${path}.age`, length, sha256, custom: { firmware: firmwareDocument(firmware) } };
  writeOnce(`${flags.out}.json`, `${JSON.stringify(target, null, 2)}\n`, 0o644);
  await writeOut([
    flags.json ? `${JSON.stringify(target)}\n` : `${target.path}: ${length} bytes, SHA-256 ${sha256}\n`,
  ]);
}

/** What is bound to the image. @throws CommandError where the builder did not sign that it built this very image */
function papersFor({ sbom, provenance, builderKey, advisory }: Flags, image: string): Papers | null {
  if (sbom === undefined && provenance === undefined && advisory.length === 0) return null;
  if ((provenance === undefined) !== (builderKey === undefined))
    throw new CommandError('give --provenance and --builder-key together');
  return {
    sbom: sbom === undefined ? null : digestOf(textFrom(sbom)),
    provenance:
      provenance === undefined ? null : builtBy(provenance, bytesFrom(builderKey!).toString(), image),
    advisories: advisory,
  };
}

async function imageDigest(image: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(userPath(image))) digest.update(chunk as Buffer);
  return digest.digest('hex');
}

function builtBy(file: string, key: string, image: string): Papers['provenance'] {
  const text = textFrom(file);
  try {
    const { subjects, builderKey } = readProvenance(Buffer.from(text), key);
    if (!subjects.includes(image))
      throw new CommandError(`${file} is of other things than this image`, exitCodes.nothingRead);
    return { sha256: digestOf(text), builderKey };
  } catch (error) {
    if (error instanceof UpdatesFault) throw new CommandError(error.message, exitCodes.nothingRead);
    throw error;
  }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** `B. Braun` → `b-braun` */
const asPart = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+(?=$)|\.(?=-)/g, '') || 'x';

function makerOf(image: string, { signature, makerKey, unsigned }: Flags): Promise<string> {
  if (signature !== undefined && makerKey !== undefined) return checkMaker(image, signature, makerKey);
  if (unsigned && signature === undefined && makerKey === undefined) return Promise.resolve('');
  throw new CommandError("give the maker's --signature and --maker-key, or say --unsigned");
}

async function sealTo(image: string, { to, out }: Flags) {
  const digest = createHash('sha256');
  let length = 0;
  try {
    const sealed = await sealImage(createReadStream(userPath(image)) as AsyncIterable<Uint8Array>, to);
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const chunk of sealed.bytes) {
        digest.update(chunk);
        length += chunk.length;
        yield chunk;
      }
    }
    await keepWhole(userPath(out), counted());
    return { sha256: digest.digest('hex'), length, plaintext: sealed.plaintext() };
  } catch (error) {
    if (error instanceof UpdatesFault) throw new CommandError(error.message);
    throw error;
  }
}

/** As a device will read it. */
function told(firmware: Firmware): Firmware {
  try {
    return firmwareFrom(firmwareDocument(firmware));
  } catch (error) {
    if (error instanceof UpdatesFault) throw new CommandError(error.message);
    throw error;
  }
}
