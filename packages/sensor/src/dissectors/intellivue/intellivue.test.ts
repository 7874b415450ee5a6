import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { bytes, u16, u32 } from '../../testing/frames.ts';
import { runDatagram } from '../../testing/harness.ts';
import { expectNothingLeaks, factLines } from '../../testing/properties.ts';
import { intellivue } from './index.ts';

const sized = (...parts: (number | string | Uint8Array)[]) => {
  const all = bytes(...parts);
  return bytes(u16(all.length), all);
};
const label = (text: string) => sized(text, 0);
const string = (text: string) => sized(...Array.from(text, (letter) => bytes(0, letter)), 0, 0);
const attribute = (id: number, value: Uint8Array) => bytes(u16(id), sized(value));
const list = (...attributes: Uint8Array[]) => bytes(u16(attributes.length), sized(...attributes));
const specification = (type: number, component: number, text: string) =>
  bytes(u16(type), u16(component), label(text));

const device = [
  attribute(0x0928, bytes(label('Philips'), label('M8007A'))),
  attribute(
    0x092d,
    list(specification(1, 0x50, 'BOARD9'), specification(1, 8, 'DE71234567'), specification(4, 8, 'L.01.42')),
  ),
  attribute(0x0984, sized(hex('0009fb112233'))),
  attribute(0x091e, string('ICU 3-7')),
];
const managed = hex('002100000000');
const event = (type: number, body: Uint8Array) =>
  bytes(u16(1), u16(1), sized(managed, u32(1000), u16(type), sized(body)));
const session = (operation: number, body: Uint8Array, head = 'e1000002') =>
  bytes(hex(head), u16(operation), sized(body));
const create = session(1, event(0x0d06, bytes(managed, list(...device))));
const indication = session(1, event(0x0d17, list(...device.slice(2))), '00000100');
const patient = list(
  attribute(0x095c, string('ZZMARK')),
  attribute(0x095d, string('ZZMARK')),
  attribute(0x095a, string('')),
  attribute(0x0958, hex('1970010100000000')),
);
const reply = (linked: boolean, extended: boolean) =>
  session(
    linked ? 5 : 2,
    bytes(
      linked ? hex('0101') : '',
      u16(1),
      u16(7),
      sized(
        managed,
        u16(extended ? 0xf13b : 0x0c16),
        sized(new Uint8Array(extended ? 22 : 20), list(bytes(u16(0), list(bytes(u16(1), patient))))),
      ),
    ),
  );
const association = (type: number) => {
  const data = bytes(
    hex('0508130100160102800014020002c1203080060c2a8648ce14020100000001010000'),
    new Uint8Array(20),
  );
  return bytes(type, data.length, data);
};

const facts =
  '{"manufacturer":"Philips","model":"M8007A","serial":"DE71234567","software":"L.01.42","systemId":"00:09:fb:11:22:33","bedLabel":"ICU 3-7"}';

describe('intellivue', () => {
  it('states what the monitor says when it creates its object', () => {
    expect(factLines(runDatagram(intellivue, [['server', create]]))).toEqual([
      `intellivue.device server ${facts}`,
    ]);
  });

  it('states what the connect indication says', () => {
    expect(factLines(runDatagram(intellivue, [['client', indication]]))).toEqual([
      'intellivue.device client {"systemId":"00:09:fb:11:22:33","bedLabel":"ICU 3-7"}',
    ]);
  });

  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('reports a patient by attribute, linked %s, extended %s', (linked, extended) => {
    const said = runDatagram(intellivue, [['server', reply(linked, extended)]]);
    expect(factLines(said)).toEqual([
      ...['NAME_FAMILY', 'NAME_GIVEN', 'DOB'].map(
        (name) => `phi.cleartext server {"protocol":"intellivue","field":"NOM_ATTR_PT_${name}"}`,
      ),
      'service.unauthenticated server {"protocol":"intellivue","operation":"data export"}',
    ]);
    expectNothingLeaks(said, 'ZZMARK');
  });

  it('tells the monitor from who asks it', () => {
    const poll = session(
      1,
      bytes(u16(1), u16(7), sized(managed, u32(0), u16(0x0c16), sized(new Uint8Array(8)))),
    );
    const confirmed = session(2, bytes(u16(1), u16(1), sized(managed, u32(0), u16(0x0d06), u16(0))));
    const sides = [association(0x0d), association(0x0e), poll, confirmed, create, indication];
    expect(sides.map((payload) => intellivue.serverSide?.(payload))).toEqual([
      'receiver',
      'sender',
      'receiver',
      'receiver',
      'sender',
      null,
    ]);
    for (const payload of sides) expect(intellivue.recognise(payload, 'client', around)).toBe(true);
  });

  it('does not take what has other lengths or another beginning', () => {
    const longer = bytes(create, 0);
    const dns = hex('000001000001000000000000076578616d706c6503636f6d0000010001');
    const tftp = bytes(0, 1, 'boot.bin', 0, 'octet', 0);
    for (const payload of [longer, create.slice(0, -1), dns, tftp, new Uint8Array(64)]) {
      expect(intellivue.recognise(payload, 'client', around)).toBe(false);
    }
  });

  it('takes any damage', () => {
    for (const damaged of [...allDamage(create), ...allDamage(reply(true, true)), ...allDamage(indication)]) {
      runDatagram(intellivue, [['server', damaged]], { force: true });
    }
  });
});

const end = { mac: null, ip: '10.0.0.1', vlan: null };
const around = { client: end, server: end, clientPort: 50_000, serverPort: 50_001 };
