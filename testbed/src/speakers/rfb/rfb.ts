import { join, u8, u16, u32 } from '../octets.ts';
import { type Line, listen, type Measure, port, type Role, text } from '../talk.ts';

const [WIDTH, HEIGHT] = [160, 120];
const exactly =
  (length: number): Measure =>
  (held) =>
    held.length >= length ? length : null;

/** A console's screen without a password (RFC 6143): version 3.8, security type None, one black screen. */
const server: Role = (told) => listen(port(told), (line) => serve(line, text(told, 'name')));

async function serve(line: Line, name: string): Promise<void> {
  await line.ask(exactly(12), 'RFB 003.008\n');
  await line.ask(exactly(1), join(u8(1), u8(1)));
  await line.ask(exactly(1), u32(0));
  line.send(serverInit(name));
  for (;;) {
    const [kind] = (await line.receive(exactly(1))) ?? [];
    if (kind === undefined) return;
    if (!(await takeMessage(line, kind))) return;
    if (kind === 3) line.send(update());
  }
}

/** §7.3.2: size, 32 bits a pixel, little-endian, true colour, name. */
function serverInit(name: string): Buffer {
  const format = join(
    u8(32),
    u8(24),
    u8(0),
    u8(1),
    u16(255),
    u16(255),
    u16(255),
    u8(16),
    u8(8),
    u8(0),
    u8(0),
    u16(0),
  );
  return join(u16(WIDTH), u16(HEIGHT), format, u32(Buffer.byteLength(name)), name);
}

/** The rest of a client's message by its type (§7.5); false for what is not known. */
async function takeMessage(line: Line, kind: number): Promise<boolean> {
  const rest: Record<number, number> = { 0: 19, 3: 9, 4: 7, 5: 5 };
  if (kind === 2) {
    const head = await line.receive(exactly(3));
    return head !== null && (await line.receive(exactly(4 * head.readUInt16BE(1)))) !== null;
  }
  const length = rest[kind];
  return length !== undefined && (await line.receive(exactly(length))) !== null;
}

/** One raw rectangle (§7.6.1, §7.7.1) of eight lines: a picture of nothing need not be large. */
function update(): Buffer {
  const rectangle = join(u16(0), u16(0), u16(WIDTH), u16(8), u32(0), Buffer.alloc(WIDTH * 8 * 4, 0x20));
  return join(u8(0), u8(0), u16(1), rectangle);
}

/** Looks at the screen once, as a viewer does. */
const viewer: Role = async (told) => {
  const { dial } = await import('../talk.ts');
  const line = await dial(text(told, 'host'), port(told));
  await line.receive(exactly(12));
  await line.ask(exactly(2), 'RFB 003.008\n');
  await line.ask(exactly(4), u8(1));
  const init = await line.ask(exactly(24), u8(1));
  await line.receive(exactly(init.readUInt32BE(20)));
  const encodings = join(u8(2), u8(0), u16(1), u32(0));
  const wanted = join(u8(3), u8(0), u16(0), u16(0), u16(WIDTH), u16(HEIGHT));
  await line.ask(exactly(16 + WIDTH * 8 * 4), encodings, wanted);
  line.close();
};

export const roles = { server, viewer };
