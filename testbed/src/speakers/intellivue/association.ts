import { hex, join, u8, u16, u32 } from '../octets.ts';

/**
 * ISO session, presentation and ACSE as the programming guide prints them, octet by octet: their parameters are fixed, only lengths
 * and the user data are the monitor's own.
 */
const SESSION = hex('05 08 13 01 00 16 01 02 80 00 14 02 00 02');
const ACSE = '06 0c 2a 86 48 ce 14 02 01 00 00 00';
const REQUEST_HEAD =
  hex(`31 80 a0 80 80 01 01 00 00 a2 80 a0 03 00 00 01 a4 80 30 80 02 01 01 06 04 52 01 00 01 30 80
  06 02 51 01 00 00 00 00 30 80 02 01 02 ${ACSE} 01 01 30 80 ${ACSE} 02 01 00 00 00 00 00 00 61 80 30 80 02 01 01
  a0 80 60 80 a1 80 ${ACSE} 03 01 00 00 be 80 28 80 ${ACSE} 01 01 02 01 02 81`);
const RESPONSE_HEAD =
  hex(`31 80 a0 80 80 01 01 00 00 a2 80 83 04 00 00 00 01 a5 80 30 80 80 01 00 81 02 51 01 00 00 30 80
  80 01 00 81 0c 2a 86 48 ce 14 02 01 00 00 00 02 01 00 00 00 00 61 80 30 80 02 01 01 a0 80 61 80 a1 80 ${ACSE} 03
  01 00 00 a2 03 02 01 00 a3 05 a1 03 02 01 00 be 80 28 80 02 01 02 81`);
const TRAILER = Buffer.alloc(16);

/** MDSEUserInfoStd: versions, what the sender is, how it started, and its poll profile. */
function userData(systemType: number, startup: number): Buffer {
  const extension = join(u16(0xf001), u16(8), u32(0x88000000), u16(0), u16(0));
  const packages = join(u16(1), u16(extension.length), extension);
  const profile = join(
    u32(0x80000000),
    u32(8000),
    u32(1400),
    u32(1400),
    u32(0xffffffff),
    u32(0x60000000),
    packages,
  );
  const entry = join(u16(1), u16(profile.length), profile);
  const profiles = join(u16(1), u16(entry.length), entry);
  return join(
    u32(0x80000000),
    u32(0x40000000),
    u32(0),
    u32(systemType),
    u32(startup),
    u16(0),
    u16(0),
    profiles,
  );
}

/** A length of one octet, or of three where it is 255 or more (ISO 8327). */
function length(n: number): Buffer {
  return n < 255 ? u8(n) : join(u8(255), u16(n));
}

function whole(kind: number, head: Buffer, user: Buffer): Buffer {
  const content = join(head, u8(user.length), user, TRAILER);
  const presentation = join(u8(0xc1), length(content.length), content);
  const session = join(SESSION, presentation);
  return join(u8(kind), length(session.length), session);
}

export function associationRequest(): Buffer {
  return whole(0x0d, REQUEST_HEAD, userData(0x80000000, 0x20000000));
}

export function associationResponse(): Buffer {
  return whole(0x0e, RESPONSE_HEAD, userData(0x00800000, 0x40000000));
}

export function releaseRequest(): Buffer {
  return hex('09 18 c1 16 61 80 30 80 02 01 01 a0 80 62 80 80 01 00 00 00 00 00 00 00 00 00');
}

export function releaseResponse(): Buffer {
  return hex('0a 18 c1 16 61 80 30 80 02 01 01 a0 80 63 80 80 01 00 00 00 00 00 00 00 00 00');
}
