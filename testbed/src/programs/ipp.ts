const PRINT_JOB = 0x0002;
const OPERATION_ATTRIBUTES = 0x01;
const END_OF_ATTRIBUTES = 0x03;
/** Value tags of RFC 8010 §3.5.2. */
const NAME = 0x42;
const URI = 0x45;
const CHARSET = 0x47;
const LANGUAGE = 0x48;
const MIME_TYPE = 0x49;

/** A Print-Job request (RFC 8011 §4.2.1) with its document behind it. */
export function printJob(printer: string, format: string, document: string): Uint8Array {
  return Buffer.concat([
    // Version 2.0, the operation, request 1.
    Buffer.from([2, 0, PRINT_JOB >> 8, PRINT_JOB & 0xff, 0, 0, 0, 1, OPERATION_ATTRIBUTES]),
    attribute(CHARSET, 'attributes-charset', 'utf-8'),
    attribute(LANGUAGE, 'attributes-natural-language', 'en'),
    attribute(URI, 'printer-uri', printer),
    attribute(NAME, 'job-name', 'Synthetic page'),
    attribute(MIME_TYPE, 'document-format', format),
    Buffer.from([END_OF_ATTRIBUTES]),
    Buffer.from(document, 'latin1'),
  ]);
}

function attribute(tag: number, name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([tag]), counted(name), counted(value)]);
}

function counted(text: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
}
