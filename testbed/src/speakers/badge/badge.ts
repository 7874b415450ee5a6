import { byLine, dial, type Line, listen, pause, port, type Role, text } from '../talk.ts';

/** A plain protocol of our own, as many readers have: 26 Wiegand bits with their parity, in a line of text. */
const reader: Role = async (told) => {
  const line = await dial(text(told, 'host'), port(told));
  await line.ask(
    byLine,
    `READER ${text(told, 'vendor')} ${text(told, 'model')} SN=${text(told, 'serial')}\r\n`,
  );
  for (const card of told.cards as string[]) {
    await line.ask(byLine, `W26 ${wiegand(Number(card))}\r\n`);
    await pause(50);
  }
  line.close();
};

/** Facility 42 and the card's number, even parity before and odd parity behind. */
export function wiegand(card: number): string {
  const bits = ((42 << 16) | card).toString(2).padStart(24, '0');
  const ones = (part: string) => part.replaceAll('0', '').length;
  return `${ones(bits.slice(0, 12)) % 2}${bits}${1 - (ones(bits.slice(12)) % 2)}`;
}

const controller: Role = (told) => listen(port(told), answer);

async function answer(line: Line): Promise<void> {
  for (;;) {
    const heard = await line.receive(byLine);
    if (heard === null) return;
    line.send(heard.toString('latin1').startsWith('W26') ? 'OPEN 5\r\n' : 'READY\r\n');
  }
}

export const roles = { reader, controller };
