import { factText } from '../../text/wire-text.ts';
import { MAX_TEXT } from './limits.ts';
import type { Segment } from './separators.ts';

/** MSH as far as it says who speaks to whom about what (HL7 v2 §2.14.9). */
export interface Header {
  sendingApplication: string | undefined;
  sendingFacility: string | undefined;
  receivingApplication: string | undefined;
  receivingFacility: string | undefined;
  /** MSH-8: a password-like text that some systems check. */
  security: string;
  messageType: string;
  version: string | undefined;
}

const VALUED = [3, 4, 5, 6, 8, 9, 12];

/** What a header says apart from its time and control id: equal for nearly all messages of one connection. */
export function constantPart(segment: Segment): string {
  let text = '';
  for (const number of VALUED) text += `${segment.field(number)}\r`;
  return text;
}

export function parseHeader(segment: Segment): Header {
  return {
    sendingApplication: hierarchic(segment, 3),
    sendingFacility: hierarchic(segment, 4),
    receivingApplication: hierarchic(segment, 5),
    receivingFacility: hierarchic(segment, 6),
    security: segment.field(8),
    messageType: messageType(segment),
    version: /^\d(\.\d{1,2}){0,2}$/.exec(segment.components(12)[0] ?? '')?.[0],
  };
}

/** HD (§2.A.33): the namespace, or the universal id where there is no namespace. */
function hierarchic(segment: Segment, number: number): string | undefined {
  const [namespace = '', universalId = ''] = segment.components(number);
  return factText(namespace, MAX_TEXT) ?? factText(universalId, MAX_TEXT);
}

/** Code and trigger event, as `ADT^A01`; what does not look like codes is not stated. */
function messageType(segment: Segment): string {
  const [code = '', event = ''] = segment.components(9);
  if (!/^[A-Z][A-Z0-9]{2}$/.test(code)) return '';
  return /^[A-Z][A-Z0-9]{2}$/.test(event) ? `${code}^${event}` : code;
}
