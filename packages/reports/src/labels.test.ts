import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeOf, type Label, labelSheet, labelSvg } from './labels.ts';
import { LABEL_ADDRESS_CHARS } from './limits.ts';

const label: Label = {
  address: 'https://wardline.hospital.example/assets/a-1f2e3d4c5b6a',
  name: 'Infusion pump 17',
  kind: 'Infusion pump',
  tag: 'INV-004711',
  serial: 'SN 100-200',
};

/** What the path of a label draws, as a picture of grey values that a reader of codes takes. */
function pictureOf(svg: string, scale = 6): Buffer {
  const size = Number(/viewBox="0 0 (\d+) \1" shape/.exec(svg)![1]);
  const side = size * scale;
  const pixels = Buffer.alloc(side * side, 255);
  for (const [, x, y] of svg.matchAll(/M(\d+) (\d+)h1v1h-1z/g))
    for (let row = 0; row < scale; row++)
      pixels.fill(
        0,
        (Number(y) * scale + row) * side + Number(x) * scale,
        (Number(y) * scale + row) * side + (Number(x) + 1) * scale,
      );
  return Buffer.concat([Buffer.from(`P5\n${side} ${side}\n255\n`), pixels]);
}

function read(svg: string, damage: (picture: Buffer) => void = () => {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'wardline-label-'));
  try {
    const file = join(folder, 'label.pgm');
    const picture = pictureOf(svg);
    damage(picture);
    writeFileSync(file, picture);
    return execFileSync('zbarimg', ['--quiet', '--raw', file], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trimEnd();
  } catch {
    return '';
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!existsSync('/usr/bin/zbarimg'))('a real reader of codes', () => {
  it.each([
    ['a short address', 'https://a.example/assets/1'],
    ['a usual one', label.address],
    ['the longest', `https://a.example/${'x'.repeat(LABEL_ADDRESS_CHARS - 18)}`],
  ])('reads %s from what the label draws', (_, address) => {
    expect(read(labelSvg({ ...label, address }))).toBe(address);
  });

  it('reads it with a patch scratched away, and not with half of it', () => {
    const scratch = (from: number, to: number) => (picture: Buffer) => {
      const side = Math.floor(Math.sqrt(picture.length));
      const head = picture.length - side * side;
      for (let y = Math.floor(side * from); y < side * to; y++)
        picture.fill(255, head + Math.floor(y * side + side * from), head + Math.floor(y * side + side * to));
    };
    expect(read(labelSvg(label), scratch(0.45, 0.65))).toBe(label.address);
    expect(read(labelSvg(label), scratch(0.2, 0.9))).toBe('');
  });
});

describe('a label', () => {
  it('says name, kind, inventory and serial number, and leaves out what is not known', () => {
    const svg = labelSvg(label);
    for (const text of ['Infusion pump 17', 'No. INV-004711', 'S/N SN 100-200'])
      expect(svg).toContain(`>${text}<`);
    expect(labelSvg({ ...label, tag: '', serial: '' })).not.toMatch(/No\.|S\/N/);
  });

  it('escapes hostile names, and cuts a long one in its middle', () => {
    const svg = labelSvg({ ...label, name: '<script>&"' });
    expect(svg).not.toContain('<script>');
    expect(labelSvg({ ...label, name: 'Infusion pump of the old intensive care unit 17' })).toContain(
      'Infusion p…e unit 17',
    );
  });

  it('refuses an address that no label can hold', () => {
    expect(() => codeOf('x'.repeat(LABEL_ADDRESS_CHARS))).not.toThrow();
    expect(() => codeOf('x'.repeat(LABEL_ADDRESS_CHARS + 1))).toThrow(RangeError);
  });

  it('stands on a sheet that runs nothing and asks for nothing', () => {
    const sheet = labelSheet('A <hospital>', [label, { ...label, name: 'Pump 18' }]);
    expect(sheet.match(/aria-label="Label of/g)).toHaveLength(2);
    expect(sheet).toContain("default-src 'none'");
    expect(sheet).not.toMatch(/<script|A <hospital>/);
  });
});
