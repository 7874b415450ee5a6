import type { Bytes } from './der/write.ts';
import { PkiError } from './pki-error.ts';

/** RFC 7468. */
export function toPem(label: string, der: Bytes): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** Every block of the label, in order. @throws PkiError where a block is not base64, or there are more than `most` */
export function fromPem(text: string, label: string, most = 16): Bytes[] {
  const pattern = new RegExp(`-----BEGIN ${label}-----([^-]*)-----END ${label}-----`, 'g');
  const blocks = [...text.matchAll(pattern)].map(([, body]) => fromBase64(body!));
  if (blocks.length > most)
    throw new PkiError('oversized', `${blocks.length} blocks of ${label}; at most ${most}`);
  return blocks;
}

/** Base64 with whatever white space (RFC 8951 §3.1: line breaks are allowed, and none is too). @throws PkiError */
export function fromBase64(text: string): Bytes {
  const packed = text.replaceAll(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(packed) || packed.length % 4 !== 0)
    throw new PkiError('malformed', 'A body that is not base64');
  return Buffer.from(packed, 'base64');
}
