import type { Facts } from '@wardline/model';
import type { DatagramDissector, Side, Surroundings } from '../../dissector.ts';
import { factText, latin1, present } from '../../text/wire-text.ts';
import { MAX_LENGTH, MAX_TEXT, MIN_LENGTH } from './limits.ts';

const PORT = 7000;
const ADDRESS = 4;
const PLACE = 12;
const PATIENT = 28;
const PATIENT_END = 43;
const BAR = 0x7c;

/** GE CARESCAPE monitors' broadcasts of where they stand and whom they watch; README.md says what is known of them. */
export const carescape: DatagramDissector = {
  name: 'carescape',
  cost: 9,
  recognise: isAnnouncement,
  // It goes to everybody: its sender serves, but the receiver is no client.
  serverSide: () => null,
  onDatagram(payload, from, report) {
    report.protection('clear');
    const [careUnit = '', bed = ''] = text(payload, PLACE, PATIENT).split('|', 2);
    const facts = present<Facts['carescape.device']>({
      careUnit: factText(careUnit, MAX_TEXT),
      bed: factText(bed, MAX_TEXT),
    });
    if (Object.keys(facts).length > 0) report.sight('carescape.device', from, facts);
    const patient = text(payload, PATIENT, PATIENT_END).replace(/^[,\s]+$/, '');
    report.phi('carescape', 'patient name', from, patient);
  },
};

/** The sender's own address, and names with a bar between them; the port alone would say nothing. */
function isAnnouncement(payload: Uint8Array, from: Side, around: Surroundings): boolean {
  if (payload.length < MIN_LENGTH || payload.length > MAX_LENGTH) return false;
  if (around.clientPort !== PORT && around.serverPort !== PORT) return false;
  return isAt(payload, ADDRESS, around[from].ip) && isPlace(payload);
}

function isAt(payload: Uint8Array, at: number, ip: string | null): boolean {
  const own = `${payload[at]}.${payload[at + 1]}.${payload[at + 2]}.${payload[at + 3]}`;
  return own === ip;
}

/** Printable up to the first zero, zeros from there on, and one bar. */
function isPlace(payload: Uint8Array): boolean {
  let bars = 0;
  let ended = false;
  for (let at = PLACE; at < PATIENT; at++) {
    const byte = payload[at] ?? 0;
    if (byte === BAR) bars++;
    if (ended && byte !== 0) return false;
    ended = byte === 0;
    if (!ended && (byte < 0x20 || byte > 0x7e)) return false;
  }
  return bars === 1 && payload[PLACE] !== BAR;
}

function text(payload: Uint8Array, start: number, end: number): string {
  const whole = latin1(payload, start, end);
  const zero = whole.indexOf('\0');
  return zero < 0 ? whole : whole.slice(0, zero);
}
