import { describe, expect, it } from 'vitest';
import { allDamage } from '../../testing/damage.ts';
import { bytes, u16 } from '../../testing/frames.ts';
import { runFrame } from '../../testing/harness.ts';
import { expectNothingLeaks } from '../../testing/properties.ts';
import { eapol } from './index.ts';

function frame(type: number, body: Uint8Array = bytes()): Uint8Array {
  return bytes(2, type, u16(body.length), body);
}

function eap(code: number, ...content: (number | string)[]): Uint8Array {
  const data = bytes(...content);
  return frame(0, bytes(code, 7, u16(4 + data.length), data));
}

const key = (information: number) => frame(3, bytes(2, u16(information), new Uint8Array(92)));

function partyOf(payload: Uint8Array) {
  return runFrame(eapol, [payload]).sightings[0]?.facts;
}

describe('eapol', () => {
  it('tells who asks and who lets in, and by which method', () => {
    expect(partyOf(frame(1))).toEqual({ role: 'supplicant' });
    expect(partyOf(eap(1, 25, 0x20))).toEqual({ role: 'authenticator', method: 'PEAP' });
    expect(partyOf(eap(2, 13, 0))).toEqual({ role: 'supplicant', method: 'TLS' });
    expect(partyOf(eap(2, 3, 25))).toEqual({ role: 'supplicant' });
    expect(partyOf(eap(1, 99))).toEqual({ role: 'authenticator', method: 'type 99' });
    expect(partyOf(eap(3))).toEqual({ role: 'authenticator', result: 'success' });
    expect(partyOf(eap(4))).toEqual({ role: 'authenticator', result: 'failure' });
  });

  it('tells the sides of a key handshake', () => {
    expect(partyOf(key(0x008a))).toEqual({ role: 'authenticator', keyHandshake: true });
    expect(partyOf(key(0x010a))).toEqual({ role: 'supplicant', keyHandshake: true });
  });

  it('keeps identities behind', () => {
    expectNothingLeaks(runFrame(eapol, [eap(2, 1, 'Zzmark@ward.example')]), 'Zzmark');
  });

  it('refuses other versions, and lengths that run over the end', () => {
    expect(runFrame(eapol, [bytes(9, 0, 0, 0)]).malformed).toEqual({ 'eapol-version': 1 });
    expect(runFrame(eapol, [bytes(2, 0, u16(9), 1)]).malformed).toEqual({ 'eapol-length': 1 });
  });

  it('takes any damage', () => {
    for (const payload of [eap(2, 1, 'name'), key(0x008a)])
      for (const damaged of allDamage(payload)) runFrame(eapol, [damaged]);
  });
});
