/** Frames of floods, written into one buffer by offset: a flood makes millions of them. */

/** What a flood is about to send: the frame lies at the start of the buffer. */
export class Frame {
  readonly bytes = Buffer.alloc(2048);
  length = 0;

  ethernet(source: number, type: number): this {
    this.bytes.writeUIntBE(0x02_0000_00ff01, 0, 6);
    this.bytes.writeUIntBE(0x02_0000_000000 + (source >>> 0), 6, 6);
    return this.#type(12, type);
  }

  vlan(id: number, type: number): this {
    this.bytes.writeUInt16BE(id & 0xfff, this.length);
    return this.#type(this.length + 2, type);
  }

  ipv4(source: number, target: number, protocol: number, fragment = 0, id = 0): this {
    const at = this.length;
    this.bytes.fill(0, at, at + 20);
    this.bytes[at] = 0x45;
    this.bytes.writeUInt16BE(id & 0xffff, at + 4);
    this.bytes.writeUInt16BE(fragment, at + 6);
    this.bytes[at + 8] = 64;
    this.bytes[at + 9] = protocol;
    this.bytes.writeUInt32BE(source >>> 0, at + 12);
    this.bytes.writeUInt32BE(target >>> 0, at + 16);
    this.length = at + 20;
    return this;
  }

  ipv6(source: number, protocol: number): this {
    const at = this.length;
    this.bytes.fill(0, at, at + 40);
    this.bytes[at] = 0x60;
    this.bytes[at + 6] = protocol;
    this.bytes[at + 7] = 64;
    this.bytes.writeUInt32BE(0x2001_0db8, at + 8);
    this.bytes.writeUInt32BE(source >>> 0, at + 20);
    this.bytes.writeUInt32BE(0x2001_0db8, at + 24);
    this.bytes[at + 39] = 1;
    this.length = at + 40;
    return this;
  }

  udp(source: number, target: number): this {
    const at = this.length;
    this.bytes.writeUInt16BE(source & 0xffff, at);
    this.bytes.writeUInt16BE(target, at + 2);
    this.bytes.writeUInt32BE(0, at + 4);
    this.length = at + 8;
    return this;
  }

  tcp(source: number, target: number, sequence: number, flags: number): this {
    const at = this.length;
    this.bytes.fill(0, at, at + 20);
    this.bytes.writeUInt16BE(source & 0xffff, at);
    this.bytes.writeUInt16BE(target, at + 2);
    this.bytes.writeUInt32BE(sequence >>> 0, at + 4);
    this.bytes.writeUInt16BE(0x5000 | flags, at + 12);
    this.length = at + 20;
    return this;
  }

  add(content: Uint8Array): this {
    this.bytes.set(content, this.length);
    this.length += content.length;
    return this;
  }

  /** Writes the lengths of the IP header at `ip`, and of the UDP header at `udp` where there is one. */
  done(ip: number, udp = 0): void {
    const isV6 = this.bytes[ip]! >> 4 === 6;
    this.bytes.writeUInt16BE(this.length - ip - (isV6 ? 40 : 0), ip + (isV6 ? 4 : 2));
    if (udp > 0) this.bytes.writeUInt16BE(this.length - udp, udp + 4);
  }

  #type(at: number, type: number): this {
    this.bytes.writeUInt16BE(type, at);
    this.length = at + 2;
    return this;
  }
}
