import {
  type DatagramDissector,
  DETACH,
  type Reporter,
  type Side,
  type StreamDissector,
  type StreamSession,
} from '../../dissector.ts';
import { type Frame, readFrame } from './frame.ts';
import { AUTHENTICATE, accessOf, nameOf, RESPONSE } from './functions.ts';

const FIRST = 0x05;
const COST = 12;

/** DNP3 over TCP (IEEE 1815): who reads and commands which outstation. Points and values are never stated. */
export const dnp3: StreamDissector = {
  name: 'dnp3',
  cost: COST,
  firstBytes: { client: [FIRST], server: [FIRST] },
  recognise(fromClient, fromServer) {
    const frames = [fromClient, fromServer].map((bytes) => (bytes.length === 0 ? 'more' : readFrame(bytes)));
    if (frames.includes(null)) return 'no';
    return frames.every((frame) => frame === 'more') ? 'more' : 'yes';
  },
  open: (report) => new Dnp3Session(report),
};

/** DNP3 over UDP. */
export const dnp3Datagram: DatagramDissector = {
  name: 'dnp3',
  cost: COST,
  firstBytes: [FIRST],
  recognise: (payload) => wholeFrame(payload) !== null,
  serverSide(payload) {
    const frame = wholeFrame(payload);
    if (frame === null) return null;
    return frame.fromMaster ? 'receiver' : 'sender';
  },
  onDatagram(payload, from, report) {
    const frame = wholeFrame(payload);
    if (frame === null) return;
    report.protection('clear');
    state(frame, from, report);
  },
};

function wholeFrame(payload: Uint8Array): Frame | null {
  const frame = readFrame(payload);
  return frame === 'more' ? null : frame;
}

/** An outstation may open the connection, so that the frame's direction tells who commands, not the side. */
function state({ functionCode, fromMaster, source }: Frame, from: Side, report: Reporter): void {
  if (functionCode === null) return;
  const [name, access] = [nameOf(functionCode), accessOf(functionCode)];
  report.sight('dnp3.use', from, {
    role: fromMaster ? 'client' : 'server',
    address: source,
    function: name,
    access,
  });
}

class Dnp3Session implements StreamSession {
  readonly #report: Reporter;
  /** What was asked last, until it is answered. */
  #asked: number | null = null;
  #authenticates = false;

  constructor(report: Reporter) {
    this.#report = report;
    report.protection('clear');
  }

  onData(from: Side, bytes: Uint8Array): number {
    const frame = readFrame(bytes);
    if (frame === 'more') return 0;
    if (frame === null) {
      this.#report.malformed('dnp3-frame');
      return DETACH;
    }
    state(frame, from, this.#report);
    this.#follow(frame, from);
    return frame.size;
  }

  /** Secure authentication (§7) challenges what is critical; where it is in use, nothing is said of who proved what. */
  #follow({ functionCode, fromMaster }: Frame, from: Side): void {
    if (functionCode === null) return;
    if (functionCode >= AUTHENTICATE && functionCode < RESPONSE) this.#authenticates = true;
    if (fromMaster) this.#asked = functionCode;
    else if (functionCode === RESPONSE && this.#asked !== null) {
      const access = accessOf(this.#asked);
      const open = !this.#authenticates && (access === 'write' || access === 'command');
      const operation = nameOf(this.#asked);
      if (open) this.#report.sight('service.unauthenticated', from, { protocol: 'dnp3', operation });
      this.#asked = null;
    }
  }
}
