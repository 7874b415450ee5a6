import { AgentError } from '../../agent-error.ts';

/** TPM 2.0 Part 2: big-endian; TPM2B is a size of two bytes and as many bytes. */
export const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
export const sized = (bytes: Uint8Array): Buffer => Buffer.concat([u16(bytes.length), bytes]);

/** The bytes within one TPM2B, as tools write it into a file. @throws AgentError where it is none */
export function inside(file: Buffer): Buffer {
  if (file.length < 2 || file.readUInt16BE(0) !== file.length - 2)
    throw new AgentError('key', 'The TPM’s tools wrote something else than a sized structure');
  return file.subarray(2);
}

/** The file that tpm2_activatecredential reads. */
export const credentialFile = (blob: Uint8Array, seed: Uint8Array): Buffer =>
  Buffer.concat([u32(0xbadcc0de), u32(1), sized(blob), sized(seed)]);

const SESSIONS = 0x8002;
const CERTIFY = 0x148;
/** TPM_RS_PW with an empty password. */
const PASSWORD = Buffer.from('400000090000000000', 'hex');
const NO_SCHEME = 0x0010;

/**
 * TPM2_Certify (Part 3 §18.2) of one persistent key by another, with a challenge: tpm2_certify gives words of its own along instead.
 */
export function certifyCommand(key: number, by: number, challenge: Uint8Array): Buffer {
  const sessions = Buffer.concat([PASSWORD, PASSWORD]);
  const body = Buffer.concat([
    u32(key),
    u32(by),
    u32(sessions.length),
    sessions,
    sized(challenge),
    u16(NO_SCHEME),
  ]);
  return Buffer.concat([u16(SESSIONS), u32(body.length + 10), u32(CERTIFY), body]);
}

/** @throws AgentError where the TPM refused, or answered with something else */
export function certifyAnswer(answer: Buffer): { certifyInfo: Buffer; signature: Buffer } {
  const code = answer.length < 10 ? -1 : answer.readUInt32BE(6);
  if (code !== 0) throw new AgentError('key', `The TPM did not certify the key (0x${code.toString(16)})`);
  const length = answer.length < 16 ? -1 : answer.readUInt32BE(10);
  const parameters = answer.subarray(14, 14 + length);
  const info = parameters.length < 2 ? -1 : parameters.readUInt16BE(0);
  if (length < 2 || parameters.length !== length || info < 0 || info > length - 2)
    throw new AgentError('key', 'The TPM’s answer is not whole');
  return { certifyInfo: parameters.subarray(2, 2 + info), signature: parameters.subarray(2 + info) };
}
