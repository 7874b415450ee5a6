import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fromPem, signerOf } from '@wardline/pki';
import { AgentError } from '../../agent-error.ts';
import type { Disk } from '../../disk/disk.ts';
import type { KeyKeeper } from '../keeper.ts';
import { Vault, vaultKind } from '../vault.ts';
import { tpmCounters } from './counters.ts';
import { proveKey } from './prove.ts';
import { quoteBoot } from './quote.ts';
import { inside } from './structures.ts';
import { type Tcti, type TpmWork, tpmEnvironment, withTpm } from './tools.ts';

/** The storage root key, where the TCG's guidance has it; made there where there is none. */
const PARENT = '0x81000001';
/** Where the agent's own keys lie, in the range of the owner: the one in use and the next, of one agent or several on one device. */
const PLACES = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `0x8100574${number}`);
const BOUND = 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign';
const SUFFIX = '.tpm';
const DATA = 'vault.tpm.json';

/** Tells a folder whose keys lie in a TPM. */
export const isTpmFile = (name: string): boolean => name === DATA || name.endsWith(SUFFIX);

export interface TpmSettings {
  disk: Disk;
  tcti: Tcti;
  /** Certificates of the endorsement key and of those between it and its maker, PEM; null: as the TPM itself keeps it. */
  ekCertificate: string | null;
}

/**
 * Keys on P-256 in a TPM 2.0, made there and never outside. They lie at places of their own, so that OpenSSL reaches them in handshakes. Beside the
 * TPM the disk keeps where each lies and by which name the TPM knows it, written down before it is put there.
 */
export function tpmKeeper({ disk, tcti, ekCertificate }: TpmSettings): KeyKeeper {
  const noted = (): Note[] =>
    disk
      .list()
      .flatMap((file) => (file.endsWith(SUFFIX) ? [noteOf(disk, file.slice(0, -SUFFIX.length))] : []));
  let vault: Promise<Vault> | null = null;
  const opened = (): Promise<Vault> => (vault ??= tpmVault(disk, tcti));
  return {
    kind: 'tpm',
    protection: 'a TPM 2.0',
    prove: (id, ask) =>
      proveKey({ tcti, place: noteOf(disk, id).place, ekCertificates: certificatesIn(ekCertificate) }, ask),
    counters: tpmCounters(tcti),
    quote: (ask) => quoteBoot({ tcti, ekCertificates: certificatesIn(ekCertificate) }, ask),
    make: () => withTpm(tcti, (tpm) => makeKey(tpm, disk, noted())),
    open: async (id) => {
      const { place } = noteOf(disk, id);
      const spki = await withTpm(tcti, async (tpm) => {
        await mustBeNoted(tpm, noteOf(disk, id));
        await tpm.tool('readpublic', '-c', place, '-f', 'der', '-o', 'key.der');
        return tpm.read('key.der');
      });
      const signer = signerOf(spki, (bytes) => signBy(tcti, place, bytes));
      return {
        id,
        signer,
        handshake: { by: 'openssl', uri: `handle:${place}`, environment: tpmEnvironment(tcti) },
      };
    },
    remove: async (id) => {
      await withTpm(tcti, (tpm) => removeKey(tpm, noteOf(disk, id)));
      disk.remove(`${id}${SUFFIX}`);
    },
    ids: () => noted().map(({ id }) => id),
    seal: async (data, label) => (await opened()).seal(data, `data/${label}`),
    unseal: async (sealed, label) => (await opened()).unseal(sealed, `data/${label}`),
  };
}

/** Where a key lies, and its name in the TPM, in hexadecimal. */
interface Note {
  id: string;
  place: string;
  name: string;
}

function noteOf(disk: Disk, id: string): Note {
  const bytes = disk.read(`${id}${SUFFIX}`, 4096);
  if (bytes === null) throw new AgentError('key', `The key ${id} is not there`);
  try {
    const { place, name } = JSON.parse(bytes.toString('utf8')) as Partial<Note>;
    if (PLACES.some((one) => one === place) && /^[0-9a-f]+$/.test(name ?? ''))
      return { id, place: place!, name: name! };
  } catch {
    // Said below.
  }
  throw new AgentError('state', `${id}${SUFFIX} is not as the agent wrote it`);
}

async function withParent(tpm: TpmWork): Promise<void> {
  try {
    await tpm.tool('readpublic', '-c', PARENT);
  } catch {
    await tpm.tool('createprimary', '-C', 'o', '-G', 'ecc', '-c', 'parent.ctx');
    await tpm.tool('evictcontrol', '-C', 'o', '-c', 'parent.ctx', PARENT);
  }
}

async function makeKey(tpm: TpmWork, disk: Disk, noted: readonly Note[]): Promise<string> {
  await withParent(tpm);
  const place = await freePlace(tpm, noted);
  await tpm.tool('create', '-C', PARENT, '-G', 'ecc256', '-a', BOUND, '-u', 'key.pub', '-r', 'key.priv');
  await tpm.tool('load', '-C', PARENT, '-u', 'key.pub', '-r', 'key.priv', '-c', 'key.ctx', '-n', 'key.name');
  const name = tpm.read('key.name').toString('hex');
  const id = name.slice(-32);
  disk.write(`${id}${SUFFIX}`, Buffer.from(JSON.stringify({ place, name })));
  await tpm.tool('evictcontrol', '-C', 'o', '-c', 'key.ctx', place);
  return id;
}

async function freePlace(tpm: TpmWork, noted: readonly Note[]): Promise<string> {
  for (const place of PLACES)
    if (!noted.some((note) => note.place === place) && (await nameAt(tpm, place)) === null) return place;
  throw new AgentError('key', 'All places of the TPM that are meant for keys of agents are taken');
}

/** Null where nothing lies there. */
async function nameAt(tpm: TpmWork, place: string): Promise<string | null> {
  try {
    await tpm.tool('readpublic', '-c', place, '-n', 'there.name');
    return tpm.read('there.name').toString('hex');
  } catch {
    return null;
  }
}

async function mustBeNoted(tpm: TpmWork, { id, place, name }: Note): Promise<void> {
  if ((await nameAt(tpm, place)) !== name)
    throw new AgentError(
      'key',
      `The key ${id} no longer lies in the TPM: it was cleared, or it is another TPM`,
    );
}

/** What another put there meanwhile stays. */
async function removeKey(tpm: TpmWork, { place, name }: Note): Promise<void> {
  if ((await nameAt(tpm, place)) === name) await tpm.tool('evictcontrol', '-C', 'o', '-c', place);
}

function signBy(tcti: Tcti, place: string, bytes: Uint8Array): Promise<Buffer> {
  return withTpm(tcti, async (tpm) => {
    tpm.write('message', bytes);
    await tpm.tool(
      'sign',
      '-c',
      place,
      '-g',
      'sha256',
      '-s',
      'ecdsa',
      '-f',
      'plain',
      '-o',
      'signature',
      'message',
    );
    return tpm.read('signature');
  });
}

function certificatesIn(file: string | null): Buffer[] | null {
  if (file === null) return null;
  const found = fromPem(readFileSync(file, 'utf8'), 'CERTIFICATE').map((der) => Buffer.from(der));
  if (found.length === 0) throw new AgentError('settings', `${file} holds no certificate (PEM)`);
  return found;
}

/** A secret that only this TPM gives back closes the data; it is made once. */
async function tpmVault(disk: Disk, tcti: Tcti): Promise<Vault> {
  const kept = disk.read(DATA, 8192);
  if (kept === null && vaultKind(disk) !== null)
    throw new AgentError('state', `The secret of the TPM (${DATA}) is not there`);
  const secret = await withTpm(tcti, async (tpm) => {
    await withParent(tpm);
    if (kept === null) {
      const made = randomBytes(32);
      tpm.write('secret', made);
      await tpm.tool('create', '-C', PARENT, '-i', 'secret', '-u', 'data.pub', '-r', 'data.priv');
      const [pub, priv] = [tpm.read('data.pub'), tpm.read('data.priv')].map((part) =>
        inside(part).toString('base64'),
      );
      disk.write(DATA, Buffer.from(JSON.stringify({ pub, priv })));
      return made;
    }
    await loadData(tpm, kept);
    await tpm.tool('unseal', '-c', 'data.ctx', '-o', 'secret');
    return tpm.read('secret');
  });
  return Vault.open(disk, { by: 'tpm', secret });
}

async function loadData(tpm: TpmWork, kept: Buffer): Promise<void> {
  const { pub, priv } = JSON.parse(kept.toString('utf8')) as { pub: string; priv: string };
  for (const [file, part] of [
    ['data.pub', pub],
    ['data.priv', priv],
  ] as const) {
    const bytes = Buffer.from(part, 'base64');
    tpm.write(file, Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]));
  }
  await tpm.tool('load', '-C', PARENT, '-u', 'data.pub', '-r', 'data.priv', '-c', 'data.ctx');
}
