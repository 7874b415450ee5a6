import { byLine, dial, type Line, listen, type Measure, port, type Role, text } from '../talk.ts';

/** A reply's last line has a space behind its code (RFC 5321 §4.2.1). */
const byReply: Measure = (held) => {
  const end = /^\d{3} .*\r\n/m.exec(held.toString('latin1'));
  return end === null ? null : end.index + end[0].length;
};

const client: Role = async (told) => {
  const line = await dial(text(told, 'host'), port(told));
  await line.receive(byReply);
  const { from, to } = { from: text(told, 'from'), to: text(told, 'to') };
  const body = `From: <${from}>\r\nTo: <${to}>\r\nSubject: ${text(told, 'subject')}\r\n\r\nSynthetic.\r\n.\r\n`;
  for (const said of [
    `EHLO ${text(told, 'name')}\r\n`,
    `MAIL FROM:<${from}>\r\n`,
    `RCPT TO:<${to}>\r\n`,
    'DATA\r\n',
    body,
    'QUIT\r\n',
  ])
    await line.ask(byReply, said);
  line.close();
};

/** For a machine on which OpenSMTPD cannot run in a name space of its own: what RFC 5321 §4.5.1 asks of a server. */
const server: Role = (told) => listen(port(told), (line) => serve(line, told));

async function serve(line: Line, told: Parameters<Role>[0]): Promise<void> {
  line.send(`220 ${text(told, 'name')} ESMTP ${text(told, 'software')}\r\n`);
  let inMessage = false;
  for (;;) {
    const heard = (await line.receive(byLine))?.toString('latin1');
    if (heard === undefined) return;
    if (inMessage && heard !== '.\r\n') continue;
    const verb: string = inMessage ? '.' : heard.slice(0, 4).toUpperCase();
    inMessage = verb === 'DATA';
    line.send(replyTo(verb, text(told, 'name')));
    if (verb === 'QUIT') line.close();
  }
}

function replyTo(verb: string, name: string): string {
  if (verb === 'EHLO') return `250-${name}\r\n250-SIZE 20000000\r\n250 HELP\r\n`;
  if (verb === 'DATA') return '354 go on\r\n';
  return verb === 'QUIT' ? `221 ${name}\r\n` : '250 2.0.0 ok\r\n';
}

export const roles = { client, server };
