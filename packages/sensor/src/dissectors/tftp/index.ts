import type { Facts } from '@wardline/model';
import type { DatagramDissector, Reporter, Side } from '../../dissector.ts';
import { imageInBytes, imageInName } from '../../firmware/image.ts';
import { DATA_HEADER } from './limits.ts';
import { isOptionAcknowledgement, readRequest, type TftpRequest } from './request.ts';

/**
 * TFTP (RFC 1350). It has no users: whoever asks is served. The data goes between two fresh ports, where only an
 * option acknowledgement, or a first block that begins like firmware, is certain enough to be recognised.
 */
export const tftp: DatagramDissector = {
  name: 'tftp',
  cost: 8,
  recognise: (payload) =>
    readRequest(payload) !== null || isOptionAcknowledgement(payload) || firmwareBlock(payload) !== null,
  serverSide(payload) {
    if (isOptionAcknowledgement(payload)) return 'sender';
    return readRequest(payload) === null ? null : 'receiver';
  },
  onDatagram(payload, from, report) {
    report.protection('clear');
    const request = readRequest(payload);
    if (request !== null) stateRequest(request, from, report);
    else if (isOptionAcknowledgement(payload)) stateService(from, 'transfer', report);
    else stateBlock(payload, from, report);
  },
};

/** The file travels from the server on a read, to it on a write. */
function stateRequest(request: TftpRequest, from: Side, report: Reporter): void {
  const server = from === 'client' ? 'server' : 'client';
  stateService(server, request.operation, report);
  const image = imageInName(request.fileName);
  if (image === null) return;
  const facts: Facts['firmware.cleartext'] = { protocol: 'tftp', image };
  if (request.size !== null) facts.bytes = request.size;
  report.sight('firmware.cleartext', request.operation === 'read' ? server : from, facts);
}

function stateService(server: Side, operation: string, report: Reporter): void {
  report.sight('service.unauthenticated', server, { protocol: 'tftp', operation });
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
