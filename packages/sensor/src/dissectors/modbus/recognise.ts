import type { Recognition, Side, Surroundings } from '../../dissector.ts';
import { fits } from './functions.ts';
import { MAX_LENGTH } from './limits.ts';

const PORT = 502;
const TLS_PORT = 802;

/**
 * The header has few fixed bytes, so that away from its port both sides must show: a request of exact shape, and the
 * answer of the same unit and function.
 */
export function recogniseModbus(
  fromClient: Uint8Array,
  fromServer: Uint8Array,
  around: Surroundings,
): Recognition {
  const request = recogniseSide(fromClient, 'request');
  const response = recogniseSide(fromServer, 'response');
  if (request === 'no' || response === 'no') return 'no';
  if (request === 'yes' && response === 'yes') return belong(fromClient, fromServer, around) ? 'yes' : 'no';
  return atHome(around) && (request === 'yes' || response === 'yes') ? 'yes' : 'more';
}

function atHome({ clientPort, serverPort }: Surroundings): boolean {
  return serverPort === PORT || serverPort === TLS_PORT || clientPort === PORT;
}

function belong(request: Uint8Array, response: Uint8Array, around: Surroundings): boolean {
  const sameUnit = request[6] === response[6];
  const sameFunction = request[7] === (response[7]! & 0x7f);
  const sameTransaction = request[0] === response[0] && request[1] === response[1];
  return atHome(around) || (sameUnit && sameFunction && sameTransaction);
}

function recogniseSide(bytes: Uint8Array, direction: 'request' | 'response'): Recognition {
  if (bytes.length < 8) return partlyFits(bytes) ? 'more' : 'no';
  if (!partlyFits(bytes)) return 'no';
  return fits(bytes, bytes[5]!, direction);
}

/** Protocol identifier 0 and a length of two bytes or more below 255, as far as they are there. */
function partlyFits(bytes: Uint8Array): boolean {
  const [, , protocolHigh = 0, protocolLow = 0, lengthHigh = 0, lengthLow = 2] = bytes;
  return (
    protocolHigh === 0 && protocolLow === 0 && lengthHigh === 0 && lengthLow >= 2 && lengthLow <= MAX_LENGTH
  );
}

/** Who speaks, where the shape of a message tells requests from answers. */
export function modbusSpeaker(bytes: Uint8Array): Side | null {
  if (bytes.length < 8) return null;
  const request = recogniseSide(bytes, 'request') === 'yes';
  const response = recogniseSide(bytes, 'response') === 'yes';
  if (request === response) return null;
  return request ? 'client' : 'server';
}
