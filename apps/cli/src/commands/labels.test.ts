import type { AssetRow } from '@wardline/model';
import { expect, it } from 'vitest';
import { labelsOf } from './labels.ts';

const pump = { id: 'a-1', name: 'Pump 17', classLabel: null, serial: null } as AssetRow;

it('leads to the page of each device, with the inventory number of the register', () => {
  const [label] = labelsOf([pump], new Map([['a-1', 'INV-7']]), 'https://wardline.example/');
  expect(label).toEqual({
    address: 'https://wardline.example/assets/a-1',
    name: 'Pump 17',
    kind: 'Not identified yet',
    tag: 'INV-7',
    serial: '',
  });
});

it('puts no name, password or token onto a label', () => {
  const [label] = labelsOf([pump], new Map(), 'https://me:secret@wardline.example/hospital?token=t#token=t');
  expect(label!.address).toBe('https://wardline.example/hospital/assets/a-1');
});

it.each(['wardline', 'javascript:alert(1)', 'file:///etc'])('refuses the address %s', (address) => {
  expect(() => labelsOf([pump], new Map(), address)).toThrow('expected https');
});
