import { startsWith } from '../text/wire-text.ts';
import { isIntelHex, isMotorolaS } from './hex-records.ts';

/**
 * What firmware looks like in its first bytes. Archives count only where the name says that they carry firmware, since
 * every office document is one.
 */
const magics: readonly [kind: string, offset: number, magic: string][] = [
  ['uimage', 0, '\x27\x05\x19\x56'],
  ['fit', 0, '\xd0\x0d\xfe\xed'],
  ['elf', 0, '\x7fELF'],
  ['squashfs', 0, 'hsqs'],
  ['squashfs', 0, 'sqsh'],
  ['ubi', 0, 'UBI#'],
  ['ubifs', 0, '\x31\x18\x10\x06'],
  ['cramfs', 0, '\x45\x3d\xcd\x28'],
  ['cramfs', 0, '\x28\xcd\x3d\x45'],
  ['trx', 0, 'HDR0'],
  ['uf2', 0, 'UF2\n\x57\x51\x5d\x9e'],
  ['android-boot', 0, 'ANDROID!'],
  ['dfuse', 0, 'DfuSe\x01'],
];

const containers: readonly [kind: string, magic: string][] = [
  ['zip', 'PK\x03\x04'],
  ['gzip', '\x1f\x8b\x08'],
  ['xz', '\xfd7zXZ\x00'],
  ['bzip2', 'BZh'],
  ['cpio', '07070'],
];

const extensions: Readonly<Record<string, string>> = {
  bin: 'bin',
  fw: 'fw',
  rom: 'rom',
  hex: 'intel-hex',
  ihex: 'intel-hex',
  srec: 's-record',
  s19: 's-record',
  s28: 's-record',
  s37: 's-record',
  mot: 's-record',
  uf2: 'uf2',
  dfu: 'dfu',
  elf: 'elf',
  axf: 'elf',
  itb: 'fit',
  squashfs: 'squashfs',
  sqfs: 'squashfs',
  ubi: 'ubi',
  trx: 'trx',
  chk: 'chk',
  swu: 'swupdate',
  raucb: 'rauc',
  mender: 'mender',
  pkgtb: 'pkgtb',
};

const speaksOfFirmware =
  /firmware|(^|[^a-z])(fw|uimage|u-boot|bootloader|rootfs|sysupgrade|flash)([^a-z]|$)/i;

/** The kind of image that a body's first bytes show, or null. `name` (a path or file name) only helps with archives. */
export function imageInBytes(head: Uint8Array, name = ''): string | null {
  for (const [kind, offset, magic] of magics) if (startsWith(head, magic, offset)) return kind;
  if (isIntelHex(head)) return 'intel-hex';
  if (isMotorolaS(head)) return 's-record';
  if (startsWith(head, 'ustar', 257) && namesFirmware(name)) return 'tar';
  for (const [kind, magic] of containers) if (startsWith(head, magic) && namesFirmware(name)) return kind;
  return null;
}

/** The kind of image that a file name claims, or null. The name itself stays here. */
export function imageInName(name: string): string | null {
  const base = name.slice(-128).split(/[/\\]/).at(-1) ?? '';
  const extension = /\.([a-z0-9]{1,8})$/i.exec(base)?.[1]?.toLowerCase() ?? '';
  const kind = Object.hasOwn(extensions, extension) ? extensions[extension] : undefined;
  if (kind !== undefined) return kind;
  return speaksOfFirmware.test(base) && /^(zip|tar|gz|tgz|xz|bz2|img|iso|cab|pkg|dat)$/.test(extension)
    ? extension
    : null;
}

function namesFirmware(name: string): boolean {
  return name !== '' && (imageInName(name) !== null || speaksOfFirmware.test(name.slice(-128)));
}
