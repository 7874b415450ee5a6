import { hash } from 'node:crypto';
import { isGrease } from './grease.ts';
import { type ClientHello, extensionOf, extensionTypes, numbersIn, type ServerHello } from './hello.ts';

/** JA3 (Salesforce, 2017): MD5 of version, ciphers, extensions, groups and point formats, all decimal, without GREASE. */
export function ja3(hello: ClientHello): string {
  const formats = extensionOf(hello.extensions, extensionTypes.pointFormats);
  const fields = [
    [hello.version],
    hello.ciphers,
    hello.extensions.map((extension) => extension.type),
    numbersIn(extensionOf(hello.extensions, extensionTypes.groups), 2),
    formats === null ? [] : Array.from(formats.subarray(1, 1 + (formats[0] ?? 0))),
  ];
  return md5(fields.map((field) => field.filter((value) => !isGrease(value)).join('-')).join(','));
}

/** JA3S: MD5 of version, cipher and extensions of the server's answer. */
export function ja3s(hello: ServerHello): string {
  const types = hello.extensions.map((extension) => extension.type);
  return md5(`${hello.version},${hello.cipher},${types.join('-')}`);
}

function md5(text: string): string {
  return hash('md5', text);
}
