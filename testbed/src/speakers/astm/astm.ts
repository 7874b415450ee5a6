import { byLine, dial, type Line, listen, type Measure, port, type Role, text } from '../talk.ts';

/** Control characters of the frame layer (ASTM E1381-02 §6, now CLSI LIS01-A2). */
const [STX, ETX, EOT, ENQ, ACK] = ['\x02', '\x03', '\x04', '\x05', '\x06'];
const one: Measure = (held) => (held.length > 0 ? 1 : null);

/** Records of ASTM E1394-97 (CLSI LIS02-A2): header, patient, order, results, terminator. */
function records(told: Parameters<Role>[0]): string[] {
  const sender = ['vendor', 'model', 'serial', 'software'].map((name) => text(told, name)).join('^');
  const results = (told.results as string[]).map(
    (result, n) => `R|${n + 1}|${result}||N||F||||20261124081500`,
  );
  return [
    `H|\\^&|||${sender}|||||${text(told, 'receiver')}||P|LIS2-A2|20261124081500`,
    `P|1||${text(told, 'patient')}||${text(told, 'name')}||19610312|F`,
    `O|1|${text(told, 'specimen')}||^^^PANEL|R|20261124081000`,
    ...results,
    'L|1|N',
  ];
}

/** A frame: STX, its number modulo 8, the record, CR, ETX, checksum, CR LF (E1381 §6.3). */
export function frame(record: string, n: number): string {
  const body = `${n % 8}${record}\r${ETX}`;
  const sum = Buffer.from(body, 'latin1').reduce((total, octet) => (total + octet) & 0xff, 0);
  return `${STX}${body}${sum.toString(16).toUpperCase().padStart(2, '0')}\r\n`;
}

/** The analyser opens with ENQ, sends each frame after the last one's ACK, and ends with EOT. */
const analyser: Role = async (told) => {
  const line = await dial(text(told, 'host'), port(told));
  await line.ask(one, ENQ!);
  for (const [n, record] of records(told).entries()) await line.ask(one, frame(record, n + 1));
  line.send(EOT!);
  line.close();
};

const system: Role = (told) => listen(port(told), acknowledge);

async function acknowledge(line: Line): Promise<void> {
  for (;;) {
    const first = await line.receive(one);
    if (first === null) return;
    const code = first.toString('latin1');
    if (code === STX) await line.receive(byLine);
    if (code !== EOT) line.send(ACK!);
  }
}

export const roles = { analyser, system };
