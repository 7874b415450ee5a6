import { expect, it } from 'vitest';
import { addressOf, listOf, parseAddress, toggled } from './address.ts';

it('reads back what it wrote, as text', () => {
  const values = { q: 'a&b=c', vlan: '20', class: 'infusion-pump,ventilator' };
  const address = addressOf('/assets', values);
  expect(parseAddress(address.slice(address.indexOf('?')))).toEqual(values);
});

it('leaves empty values out', () => {
  expect(addressOf('/assets', { q: '', sort: undefined })).toBe('/assets');
});

it('adds a value to a list and takes it off again', () => {
  expect(toggled('clear', 'tls1.2')).toBe('clear,tls1.2');
  expect(toggled('clear,tls1.2', 'clear')).toBe('tls1.2');
  expect(listOf(toggled('clear', 'clear'))).toEqual([]);
});
