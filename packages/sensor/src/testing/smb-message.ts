/** Builds SMB 2 and NTLM messages for tests. */
import { bytes } from './frames.ts';

export function le16(value: number): Uint8Array {
  return bytes(value & 255, value >>> 8);
}

export function le32(value: number): Uint8Array {
  return bytes(le16(value & 0xffff), le16(value >>> 16));
}

export function utf16(text: string): Uint8Array {
  return bytes(...Array.from(text, (character) => le16(character.charCodeAt(0))));
}

/** Behind the length that a NetBIOS session, or SMB over TCP, has in front. */
export function framed(message: Uint8Array): Uint8Array {
  return bytes(0, message.length >>> 16, (message.length >>> 8) & 255, message.length & 255, message);
}

export function smb2(command: number, response: boolean, body: Uint8Array, status = 0): Uint8Array {
  const head = bytes(
    0xfe,
    'SMB',
    le16(64),
    le16(0),
    le32(status),
    le16(command),
    le16(1),
    le32(response ? 1 : 0),
  );
  return framed(bytes(head, new Uint8Array(44), body));
}

const version = bytes(10, 0, le16(19_041), 0, 0, 0, 15);

function field(length: number, offset: number): Uint8Array {
  return bytes(le16(length), le16(length), le32(offset));
}

export function ntlmChallenge(computer: string, domain: string): Uint8Array {
  const pair = (id: number, text: string) => bytes(le16(id), le16(text.length * 2), utf16(text));
  const info = bytes(pair(2, domain), pair(1, computer), le16(0), le16(0));
  return bytes(
    'NTLMSSP\0',
    le32(2),
    field(0, 56),
    le32(1),
    new Uint8Array(16),
    field(info.length, 56),
    version,
    info,
  );
}

export function ntlmProof(user: string, workstation: string, proof: string): Uint8Array {
  const parts = [bytes(), bytes(proof), bytes(), utf16(user), utf16(workstation), bytes()];
  let offset = 72;
  const fields = parts.map((part) => {
    offset += part.length;
    return field(part.length, offset - part.length);
  });
  return bytes('NTLMSSP\0', le32(3), ...fields, le32(1), version, ...parts);
}
