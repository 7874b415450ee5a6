import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imageInBytes, imageInName } from './image.ts';

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('an image in bytes', () => {
  it.each([
    ['\x27\x05\x19\x56rest', '', 'uimage'],
    ['UBI#', '', 'ubi'],
    ['UF2\n\x57\x51\x5d\x9e', '', 'uf2'],
    ['UF2\nother', '', null],
    ['\x1f\x8b\x08', '/updates/pump-fw-2.4.tgz', 'gzip'],
    ['\x1f\x8b\x08', '/reports/letters.tgz', null],
    ['070701', '/pump.swu', 'cpio'],
    ['%PDF-1.7', '/firmware.bin', null],
    ['', '/firmware.bin', null],
  ])('%j named %j is %j', (head, name, kind) => expect(imageInBytes(bytes(head), name)).toBe(kind));

  it('of hexadecimal records needs two lines whose checksums hold', () => {
    const good = ':020000040800F2\n:10010000214601360121470136007EFE09D2190140\n:00000001FF\n';
    expect(imageInBytes(bytes(good))).toBe('intel-hex');
    expect(imageInBytes(bytes(good.replace('F2', 'F3')))).toBeNull();
    expect(imageInBytes(bytes(good.slice(0, 20)))).toBeNull();
    expect(imageInBytes(bytes('S113000000000000000000000000000000000000EC\nS5030001FB\nS'))).toBe('s-record');
    expect(imageInBytes(bytes('Some text\nof two lines\n'))).toBeNull();
  });
});

describe('an image in a name', () => {
  it.each([
    ['/a/b/pump.fw', 'fw'],
    ['C:\\up\\BOOT.S19', 's-record'],
    ['acme-firmware-2.1.zip', 'zip'],
    ['report.zip', null],
    ['flashcards.pdf', null],
    ['x.constructor', null],
    ['', null],
  ])('%j is %j', (name, kind) => expect(imageInName(name)).toBe(kind));
});

it('takes any bytes and any name', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.string(), (head, name) => {
      imageInBytes(head, name);
      imageInName(name);
    }),
    { numRuns: 300, seed: 20_261_123 },
  );
});
