import type { Facts } from '@wardline/model';
import type { DatagramDissector, Reporter, Side, Surroundings } from '../../dissector.ts';
import { imageInBytes, imageInName } from '../../firmware/image.ts';
import { DATA_HEADER } from './limits.ts';
import { isOptionAcknowledgement, readRequest, type TftpRequest } from './request.ts';

/**
 * TFTP (RFC 1350). It has no users: whoever asks is served. The data goes between two fresh ports, where only what a
 * server alone sends first, or a first block that begins like firmware, is certain enough to be recognised.
 */
export const tftp: DatagramDissector = {
  name: 'tftp',
  cost: 8,
  firstBytes: [0],
  recognise: (payload, _from, around) =>
    readRequest(payload) !== null || isAcceptance(payload, around) || firmwareBlock(payload) !== null,
  serverSide(payload) {
    if (isOptionAcknowledgement(payload) || isWriteAcknowledgement(payload)) return 'sender';
    return readRequest(payload) === null ? null : 'receiver';
  },
  onDatagram(payload, from, report, around) {
    report.protection('clear');
    const request = readRequest(payload);
    if (request !== null) stateRequest(request, from, report);
    else if (isAcceptance(payload, around)) stateAcceptance(payload, from, report);
    else stateBlock(payload, from, report);
  },
};

/**
 * A request alone serves nobody: boot loaders ask for servers that do not exist. The file would travel from the server
 * on a read, to it on a write; that it was only asked for is said in the fact.
 */
function stateRequest(request: TftpRequest, from: Side, report: Reporter): void {
  const image = imageInName(request.fileName);
  if (image === null) return;
  const facts: Facts['firmware.cleartext'] = { protocol: 'tftp', image: `${image} (requested)` };
  if (request.size !== null) facts.bytes = request.size;
  const server = from === 'client' ? 'server' : 'client';
  report.sight('firmware.cleartext', request.operation === 'read' ? server : from, facts);
}

/** Who acknowledges options or a write serves somebody who proved nothing. */
function stateAcceptance(payload: Uint8Array, from: Side, report: Reporter): void {
  const operation = isWriteAcknowledgement(payload) ? 'write' : 'transfer';
  report.sight('service.unauthenticated', from, { protocol: 'tftp', operation });
}

/** Both sides use fresh ports then (RFC 1350 §4); four bytes alone would be too little to go by. */
function isAcceptance(payload: Uint8Array, around: Surroundings): boolean {
  if (isOptionAcknowledgement(payload)) return true;
  return isWriteAcknowledgement(payload) && around.clientPort > 1023 && around.serverPort > 1023;
}

/** ACK of block 0 answers a write request (RFC 1350 §5). */
function isWriteAcknowledgement(bytes: Uint8Array): boolean {
  return bytes.length === 4 && bytes[0] === 0 && bytes[1] === 4 && bytes[2] === 0 && bytes[3] === 0;
}

function stateBlock(payload: Uint8Array, from: Side, report: Reporter): void {
  const image = firmwareBlock(payload);
  if (image !== null) report.sight('firmware.cleartext', from, { protocol: 'tftp', image });
}

/** The kind of image that a first DATA block (operation 3, block 1) begins with. */
function firmwareBlock(bytes: Uint8Array): string | null {
  const first = bytes[0] === 0 && bytes[1] === 3 && bytes[2] === 0 && bytes[3] === 1;
  return first ? imageInBytes(bytes.subarray(DATA_HEADER)) : null;
}
