import type { Recognition, StreamDissector } from '../../dissector.ts';
import { RECOGNITION_BYTES } from '../../limits.ts';
import { latin1, startsWith } from '../../text/wire-text.ts';
import { SshSession } from './session.ts';

/** What a line before the identification may begin with. */
const textBytes = Array.from({ length: 256 }, (_, byte) => byte).filter(isTextByte);

/**
 * SSH transport (RFC 4253): identification strings, algorithm offers (HASSH) and host keys of both versions' clear
 * part; it leaves when encryption starts.
 */
export const ssh: StreamDissector = {
  name: 'ssh',
  cost: 10,
  firstBytes: { server: textBytes },
  recognise: (fromClient, fromServer) => either(recogniseClient(fromClient), recogniseServer(fromServer)),
  open: (report) => new SshSession(report),
};

/** Lines before the identification (RFC 4253 §4.2) are looked through as far as recognition sees them. */
function recogniseServer(bytes: Uint8Array): Recognition {
  const first = bytes[0];
  if (first === undefined || startsWith(bytes, 'SSH-', 0, true)) return recogniseClient(bytes);
  const at = latin1(bytes).indexOf('\nSSH-');
  if (at >= 0) return recogniseClient(bytes.subarray(at + 1));
  return isTextByte(first) && bytes.length < RECOGNITION_BYTES ? 'more' : 'no';
}

function recogniseClient(bytes: Uint8Array): Recognition {
  if (!startsWith(bytes, 'SSH-', 0, true)) return 'no';
  if (bytes.length < 7) return 'more';
  return /^SSH-[12]\.\d/.test(latin1(bytes, 0, 7)) ? 'yes' : 'no';
}

function isTextByte(byte: number): boolean {
  return byte === 0x0d || byte === 0x0a || (byte >= 0x20 && byte < 0x7f);
}

/** One side that speaks it is enough; both must have shown something else before the answer is no. */
function either(client: Recognition, server: Recognition): Recognition {
  if (client === 'yes' || server === 'yes') return 'yes';
  return client === 'no' && server === 'no' ? 'no' : 'more';
}
