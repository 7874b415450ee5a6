/** The envelope of HL7 v2 messages on TCP (HL7 Transport Specification: MLLP, release 1). */
const START = 0x0b;
const END = 0x1c;
const RETURN = 0x0d;

export function envelop(message: string): Buffer {
  return Buffer.concat([Buffer.from([START]), Buffer.from(message, 'latin1'), Buffer.from([END, RETURN])]);
}

/** Takes bytes as they come and hands over whole messages. */
export class MllpReader {
  private held = Buffer.alloc(0);

  push(chunk: Buffer): string[] {
    this.held = Buffer.concat([this.held, chunk]);
    const messages: string[] = [];
    for (;;) {
      const start = this.held.indexOf(START);
      const end = this.held.indexOf(Buffer.from([END, RETURN]), start + 1);
      if (start < 0 || end < 0) return messages;
      messages.push(this.held.subarray(start + 1, end).toString('latin1'));
      this.held = this.held.subarray(end + 2);
    }
  }
}

/** Acknowledges a message: sender and receiver change places (HL7 v2.5.1 §2.9.2). */
export function acknowledge(message: string): string {
  const header = message.split('\r')[0] ?? '';
  const f = header.split('|');
  const trigger = (f[8] ?? '').split('^')[1] ?? '';
  const type = trigger === '' ? 'ACK' : `ACK^${trigger}^ACK`;
  const control = f[9] ?? '';
  const msh = ['MSH', f[1], f[4], f[5], f[2], f[3], f[6], '', type, `A${control}`, f[10], f[11]].join('|');
  return `${msh}\rMSA|AA|${control}\r`;
}
