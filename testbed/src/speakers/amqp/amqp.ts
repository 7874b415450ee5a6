import { join, u8, u16, u32 } from '../octets.ts';
import { dial, type Line, listen, type Measure, port, type Role, type Told, text } from '../talk.ts';

const HEADER = join('AMQP', u8(0), u8(0), u8(9), u8(1));
const END = 0xce;
/** Classes and methods of AMQP 0-9-1 §1.4. */
const METHOD = {
  start: [10, 10],
  startOk: [10, 11],
  tune: [10, 30],
  tuneOk: [10, 31],
  open: [10, 40],
  openOk: [10, 41],
  close: [10, 50],
  closeOk: [10, 51],
  channel: [20, 10],
  channelOk: [20, 11],
  declare: [50, 10],
  declareOk: [50, 11],
  publish: [60, 40],
} as const;

/** §4.2.3: type, channel, size, payload, end. */
function frame(type: number, channel: number, payload: Buffer): Buffer {
  return join(u8(type), u16(channel), u32(payload.length), payload, u8(END));
}

function method(name: keyof typeof METHOD, channel: number, ...parts: Buffer[]): Buffer {
  const [group, id] = METHOD[name];
  return frame(1, channel, join(u16(group), u16(id), ...parts));
}

const short = (value: string) => join(u8(Buffer.byteLength(value)), value);
const long = (value: string | Buffer) => join(u32(Buffer.byteLength(value)), value);
const table = (values: Record<string, string>) =>
  long(join(...Object.entries(values).map(([name, value]) => join(short(name), 'S', long(value)))));

const byFrame: Measure = (held) => {
  if (held.toString('latin1', 0, 4) === 'AMQP') return held.length < 8 ? null : 8;
  const whole = held.length < 7 ? null : 8 + held.readUInt32BE(3);
  return whole !== null && held.length >= whole ? whole : null;
};

const broker: Role = (told) => listen(port(told), (line) => serve(line, told));

async function serve(line: Line, told: Told): Promise<void> {
  for (;;) {
    const heard = await line.receive(byFrame);
    if (heard === null) return;
    const answer = answerTo(heard, told);
    if (answer !== null) line.send(answer);
  }
}

function answerTo(heard: Buffer, told: Told): Buffer | null {
  if (heard.toString('latin1', 0, 4) === 'AMQP') {
    const product = {
      product: text(told, 'product'),
      version: text(told, 'software'),
      platform: 'Erlang/OTP',
    };
    return method('start', 0, u8(0), u8(9), table(product), long('PLAIN AMQPLAIN'), long('en_US'));
  }
  if (heard[0] !== 1) return null;
  const name = `${heard.readUInt16BE(7)}.${heard.readUInt16BE(9)}`;
  const answers: Record<string, Buffer> = {
    '10.11': method('tune', 0, u16(2047), u32(131072), u16(60)),
    '10.40': method('openOk', 0, short('')),
    '10.50': method('closeOk', 0),
    '20.10': method('channelOk', 1, long('')),
    '50.10': method('declareOk', 1, short('results'), u32(0), u32(1)),
  };
  return answers[name] ?? null;
}

/** Logs in with a name and a password in clear, declares a queue and puts one message into it. */
const client: Role = async (told) => {
  const line = await dial(text(told, 'host'), port(told));
  await line.ask(byFrame, HEADER);
  const login = `\0${text(told, 'user')}\0${text(told, 'password')}`;
  const properties = table({ product: text(told, 'agent'), version: '5.2' });
  await line.ask(byFrame, method('startOk', 0, properties, short('PLAIN'), long(login), short('en_US')));
  line.send(method('tuneOk', 0, u16(2047), u32(131072), u16(60)));
  await line.ask(byFrame, method('open', 0, short('/'), short(''), u8(0)));
  await line.ask(byFrame, method('channel', 1, short('')));
  await line.ask(byFrame, method('declare', 1, u16(0), short('results'), u8(2), u32(0)));
  const body = Buffer.from('{"order":"SYN-1","state":"final"}');
  const head = join(u16(60), u16(0), u32(0), u32(body.length), u16(0x8000), short('application/json'));
  line.send(
    method('publish', 1, u16(0), short(''), short('results'), u8(0)),
    frame(2, 1, head),
    frame(3, 1, body),
  );
  await line.ask(byFrame, method('close', 0, u16(200), short('bye'), u16(0), u16(0)));
  line.close();
};

export const roles = { broker, client };
