import type {
  DatagramDissector,
  Recognition,
  StreamDissector,
  StreamSession,
  Surroundings,
} from '../../dissector.ts';
import { DETACH } from '../../dissector.ts';
import { stateQuestions } from './behaviour.ts';
import { stateAnswers } from './facts.ts';
import { MAX_STREAM_MESSAGES } from './limits.ts';
import { readHeader, readMessage } from './message.ts';
import { isDnsMessage, mayBecomeDns } from './recognition.ts';

/** Bytes of a message that is still incomplete after which a sound header and question are believed. */
const ENOUGH = 512;

/** DNS over UDP (RFC 1035), the answers: who has which name, who serves names; of questions those that carry more. */
export const dns: DatagramDissector = {
  name: 'dns',
  cost: 30,
  recognise: (payload, _from, around) => isDnsMessage(payload, around),
  serverSide(payload) {
    const header = readHeader(payload);
    return header === null ? null : header.response ? 'sender' : 'receiver';
  },
  onDatagram(payload, from, report, around) {
    const message = readMessage(payload);
    if (message === null || !isDnsMessage(payload, around)) return;
    report.protection('clear');
    if (!message.whole) report.malformed('dns-message');
    stateAnswers(message, from, report, around);
    stateQuestions(message, from, report);
  },
};

/** DNS over TCP (RFC 1035 §4.2.2): each message behind its length. */
export const dnsStream: StreamDissector = {
  name: 'dns',
  cost: 30,
  recognise(fromClient, fromServer, around) {
    const asked = recogniseSide(fromClient, around);
    return asked === 'more' ? recogniseSide(fromServer, around) : asked;
  },
  open(report, around): StreamSession {
    let messages = 0;
    report.protection('clear');
    return {
      onData(from, bytes) {
        if (bytes.length < 2) return 0;
        const length = lengthOf(bytes);
        if (bytes.length < 2 + length) return 0;
        if (++messages > MAX_STREAM_MESSAGES) return DETACH;
        const message = readMessage(bytes.subarray(2, 2 + length));
        if (message === null || !message.whole) report.malformed('dns-message');
        if (message !== null) {
          stateAnswers(message, from, report, around);
          stateQuestions(message, from, report);
        }
        return 2 + length;
      },
    };
  },
};

function recogniseSide(bytes: Uint8Array, around: Surroundings): Recognition {
  if (bytes.length < 14) return 'more';
  const length = lengthOf(bytes);
  if (length < 17) return 'no';
  if (bytes.length >= 2 + length) return isDnsMessage(bytes.subarray(2, 2 + length), around) ? 'yes' : 'no';
  const begun = mayBecomeDns(bytes.subarray(2));
  if (begun === 'no') return 'no';
  return begun === 'sound' && bytes.length > ENOUGH ? 'yes' : 'more';
}

function lengthOf(bytes: Uint8Array): number {
  return (bytes[0]! << 8) | bytes[1]!;
}
