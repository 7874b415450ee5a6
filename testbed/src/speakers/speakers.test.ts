import { expect, test } from 'vitest';
import { frame } from './astm/astm.ts';
import { wiegand } from './badge/badge.ts';
import { envelope, idOf, versions } from './discovery.ts';
import { associationRequest, associationResponse } from './intellivue/association.ts';
import { connectionRequest } from './rdp/rdp.ts';
import { byContentLength, byLine } from './talk.ts';

test('frames an ASTM record with number and checksum (E1381 §6.3)', () => {
  // 1L|1|N CR ETX: 31+4c+7c+31+7c+4e+0d+03 = 0x204.
  expect(frame('L|1|N', 1)).toBe('\x021L|1|N\r\x0304\r\n');
  expect(frame('L|1|N', 9)).toBe(frame('L|1|N', 1));
});

test('puts even parity before and odd parity behind 24 Wiegand bits', () => {
  const bits = wiegand(1201);
  expect(bits).toHaveLength(26);
  const ones = (part: string) => part.replaceAll('0', '').length;
  expect(ones(bits.slice(0, 13)) % 2).toBe(0);
  expect(ones(bits.slice(13)) % 2).toBe(1);
});

test('asks for an association as long as it says', () => {
  for (const pdu of [associationRequest(), associationResponse()]) {
    expect(pdu[1]).toBe(pdu.length - 2);
    // Presentation user data begins behind the fixed session part.
    expect(pdu[16]).toBe(0xc1);
    expect(pdu[17]).toBe(pdu.length - 18);
  }
});

test('asks for a remote desktop in one TPKT', () => {
  const request = connectionRequest('desk');
  expect(request.readUInt16BE(2)).toBe(request.length);
  expect(request[4]).toBe(request.length - 5);
});

test('relates an answer to the message that it answers', () => {
  const version = versions.oasis;
  const asked = envelope({ version, action: 'urn:x', body: '' });
  expect(idOf(asked)).toMatch(/^urn:uuid:/);
  expect(envelope({ version, action: 'urn:y', relatesTo: idOf(asked), body: '' })).toContain(idOf(asked));
});

test('takes whole messages only', () => {
  expect(byLine(Buffer.from('no end'))).toBeNull();
  expect(byContentLength(Buffer.from('OK\r\nContent-Length: 3\r\n\r\nab'))).toBeNull();
  expect(byContentLength(Buffer.from('OK\r\nContent-Length: 3\r\n\r\nabcd'))).toBe(28);
});
