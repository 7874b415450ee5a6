import { Cursor } from '../../bytes/cursor.ts';
import type { DatagramDissector } from '../../dissector.ts';
import { stateClientHello, stateServerHello } from './facts.ts';
import { readClientHello, readServerHello } from './hello.ts';
import { contentTypes, messageTypes } from './record.ts';

interface DtlsHello {
  type: number;
  body: Uint8Array;
  /** False where the rest of the hello is in further fragments (RFC 6347 §4.2.3), which are left. */
  whole: boolean;
}

/** Datagram TLS (RFC 6347, RFC 9147), by its hellos: what follows them needs no reading. */
export const dtls: DatagramDissector = {
  name: 'dtls',
  cost: 6,
  firstBytes: [contentTypes.handshake],
  recognise: (payload) => readHello(payload) !== null,
  serverSide(payload) {
    const hello = readHello(payload);
    if (hello === null) return null;
    return hello.type === messageTypes.clientHello ? 'receiver' : 'sender';
  },
  onDatagram(payload, from, report) {
    const hello = readHello(payload);
    if (hello?.whole !== true) return;
    if (hello.type === messageTypes.clientHello) {
      const read = readClientHello(hello.body, true);
      if (read !== null) stateClientHello(read, from, 'd', report);
    } else {
      const read = readServerHello(hello.body);
      if (read !== null) stateServerHello(read, from, report);
    }
  },
};

/** The hello, or its first fragment, in the datagram's first record. */
function readHello(payload: Uint8Array): DtlsHello | null {
  const cursor = new Cursor(payload);
  const contentType = cursor.u8();
  const version = cursor.u16();
  const epoch = cursor.u16();
  cursor.skip(6);
  const record = cursor.within(cursor.u16());
  const type = record.u8();
  const length = record.u24();
  record.u16();
  const offset = record.u24();
  const body = record.take(record.u24());
  if (record.failed || contentType !== contentTypes.handshake || epoch !== 0) return null;
  if (version !== 0xfeff && version !== 0xfefd) return null;
  const isHello = type === messageTypes.clientHello || type === messageTypes.serverHello;
  const sound = isHello && offset === 0 && body.length <= length && body[0] === 0xfe;
  return sound ? { type, body, whole: body.length === length } : null;
}
