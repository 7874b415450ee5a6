import type { Surroundings } from '../../dissector.ts';
import { type DnsMessage, type Question, readHeader, readMessage } from './message.ts';

const PORT = 53;
const HEADER = 12;
/** IN, CH, HS, NONE, ANY */
const classes = new Set([1, 3, 4, 254, 255]);
/** QUERY, IQUERY, STATUS, NOTIFY, UPDATE */
const opcodes = new Set([0, 1, 2, 4, 5]);

/**
 * True where the bytes are one DNS message. Anywhere else than at port 53 the whole message must hold together: the
 * header's counts are met exactly, types and classes are real ones, and nothing is left over.
 */
export function isDnsMessage(bytes: Uint8Array, around: Surroundings): boolean {
  if (!mayBeHeader(bytes)) return false;
  const message = readMessage(bytes);
  if (message === null || !soundCounts(message.header.counts, message.header.response)) return false;
  if (!message.questions.every(isRealQuestion)) return false;
  const atHome = around.serverPort === PORT || around.clientPort === PORT;
  return atHome ? message.questions.length > 0 || message.whole : message.whole && isSound(message);
}

/** A first look that makes nothing: most datagrams of other protocols end here. */
function mayBeHeader(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER || !opcodes.has((bytes[2]! >>> 3) & 15)) return false;
  return bytes[4] === 0 && bytes[5]! <= 4;
}

/** True where the beginning of a message, longer than what is there yet, already shows a sound header and question. */
export function mayBecomeDns(bytes: Uint8Array): 'sound' | 'perhaps' | 'no' {
  const header = readHeader(bytes);
  if (header === null || !opcodes.has(header.opcode) || !soundCounts(header.counts, header.response))
    return 'no';
  if (header.counts[0] !== 1) return 'no';
  const [question] = readMessage(bytes)?.questions ?? [];
  if (question === undefined) return bytes.length > 300 ? 'no' : 'perhaps';
  return isRealQuestion(question) ? 'sound' : 'no';
}

/** Real resolvers send one question; queries carry no answers but may carry EDNS or a signature. */
function soundCounts(counts: readonly number[], response: boolean): boolean {
  const [questions = 0, answers = 0, authorities = 0, additionals = 0] = counts;
  if (questions > 4 || additionals > 64 || authorities > 256) return false;
  return response ? questions + answers > 0 : questions > 0 && answers <= 4;
}

function isSound(message: DnsMessage): boolean {
  const { header, questions } = message;
  if (questions.length !== 1 || (!header.response && (header.flags & 0x8f) !== 0)) return false;
  return message.records.every((record) => record.type === 41 || isRealQuestion(record));
}

function isRealQuestion(question: Question): boolean {
  const { type } = question;
  const known = (type > 0 && type <= 109) || (type >= 249 && type <= 260) || type >= 32_768;
  return known && classes.has(question.class);
}
