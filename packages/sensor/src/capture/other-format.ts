/** Formats of captures and of compressed files that are not read, by how they start: said by name, so that a person can convert them. */
const formats: readonly (readonly [start: string, name: string])[] = [
  ['snoop\0\0\0', 'a snoop file; convert it with editcap'],
  ['GMBU', 'a Network Monitor capture; convert it with editcap'],
  ['RTSS', 'a Network Monitor 1 capture; convert it with editcap'],
  ['TRSNIFF data', 'a Sniffer capture; convert it with editcap'],
  ['XCP\0', 'a NetXray capture; convert it with editcap'],
  ['btsnoop\0', 'a Bluetooth log (btsnoop); convert it with editcap'],
  ['\x04\x22\x4d\x18', 'an lz4 file; decompress it first'],
  ['\xfd7zXZ', 'an xz file; decompress it first'],
  ['BZh', 'a bzip2 file; decompress it first'],
  ['PK\x03\x04', 'a zip archive; unpack it first'],
  ['7z\xbc\xaf', 'a 7z archive; unpack it first'],
];

/** The format's name, or null where it is none of those. */
export function otherFormat(bytes: Uint8Array): string | null {
  const found = formats.find(([start]) =>
    Array.from(start).every((character, i) => bytes[i] === character.charCodeAt(0)),
  );
  return found?.[1] ?? null;
}
