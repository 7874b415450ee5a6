import type { Recognition, Side, StreamDissector } from '../../dissector.ts';
import { imageInBytes } from '../../firmware/image.ts';
import { IMAGE_HEAD } from '../../firmware/limits.ts';
import { RawImageSession } from './session.ts';

/** The longest magic number of an image. */
const MAGIC = 8;

/**
 * Firmware that travels as a TCP stream of its own, without a protocol around it: a data connection of FTP (RFC 959
 * §3.3), or a loader that listens on a port. It is asked last, and wants one side to be silent, so that it takes no
 * stream in which anybody speaks a protocol.
 */
export const rawImage: StreamDissector = {
  name: 'raw-image',
  cost: 1000,
  recognise(fromClient, fromServer) {
    if (fromClient.length > 0 && fromServer.length > 0) return 'no';
    return recogniseSide(fromClient.length > 0 ? fromClient : fromServer);
  },
  open: (report) =>
    new RawImageSession((image, from: Side) => {
      report.protection('clear');
      report.sight('firmware.cleartext', from, { protocol: 'raw-image', image });
    }),
};

function recogniseSide(bytes: Uint8Array): Recognition {
  if (imageInBytes(bytes) !== null) return 'yes';
  if (bytes.length < MAGIC) return 'more';
  return isText(bytes[0]!) && bytes.length < IMAGE_HEAD ? 'more' : 'no';
}

/** Records of hexadecimal text show themselves by their checksums only when two lines are whole. */
function isText(first: number): boolean {
  return first === 0x3a || first === 0x53;
}
