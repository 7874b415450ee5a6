import type { Recognition, StreamDissector } from '../../dissector.ts';
import { latin1 } from '../../text/wire-text.ts';
import { START_BLOCK } from './framing.ts';
import { Hl7Session } from './session.ts';
import { hl7Speaker } from './speaker.ts';

/**
 * HL7 v2 over MLLP: who speaks to whom, the devices that messages name, patient data in clear by field, and services
 * that take messages from anybody.
 */
export const hl7: StreamDissector = {
  name: 'hl7',
  cost: 10,
  firstBytes: { client: [START_BLOCK], server: [START_BLOCK] },
  recognise(fromClient, fromServer) {
    const answers = [recogniseSide(fromClient), recogniseSide(fromServer)];
    if (answers.includes('yes')) return 'yes';
    return answers.includes('no') ? 'no' : 'more';
  },
  open: (report) => new Hl7Session(report),
  speaker: hl7Speaker,
};

/** The start of a block, the name of a segment that opens a message or a batch, and separators. */
function recogniseSide(bytes: Uint8Array): Recognition {
  if (bytes.length === 0) return 'more';
  if (bytes[0] !== START_BLOCK) return 'no';
  const text = latin1(bytes, 1, 9);
  const openers = ['MSH', 'FHS', 'BHS'];
  if (!openers.some((name) => name.startsWith(text.slice(0, 3)))) return 'no';
  if (text.length < 6) return 'more';
  return /^(MSH|FHS|BHS)([^A-Za-z0-9\s])[^A-Za-z0-9\s]{2}/.test(text) ? 'yes' : 'no';
}
