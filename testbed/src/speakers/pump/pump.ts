import { byContentLength, dial, type Line, listen, port, type Role, type Told, text } from '../talk.ts';

/** A protocol of our own on HTTP, as pump servers have: status up, drug library down. */
const pump: Role = async (told) => {
  const line = await dial(text(told, 'host'), port(told));
  const device = {
    manufacturer: text(told, 'vendor'),
    model: text(told, 'model'),
    serial: text(told, 'serial'),
  };
  for (const rate of [4.2, 4.2, 5]) {
    const status = JSON.stringify({ device, state: 'infusing', drug: 'Norepinephrine', rate, vtbi: 38.5 });
    await line.ask(byContentLength, request(told, 'POST', '/pump/v1/status', status));
  }
  await line.ask(byContentLength, request(told, 'GET', '/pump/v1/library?version=17', ''));
  line.close();
};

function request(told: Told, method: string, path: string, body: string): string {
  const agent = `${text(told, 'agent')}/${text(told, 'software')}`;
  const head = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${text(told, 'host')}:${port(told)}`,
    `User-Agent: ${agent}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

const server: Role = (told) => listen(port(told), (line) => serve(line, text(told, 'software')));

async function serve(line: Line, software: string): Promise<void> {
  for (;;) {
    const heard = (await line.receive(byContentLength))?.toString('utf8');
    if (heard === undefined) return;
    const body = heard.startsWith('GET') ? '{"library":17,"drugs":412}' : '{"accepted":true}';
    const head = `HTTP/1.1 200 OK\r\nServer: ${software}\r\nContent-Type: application/json`;
    line.send(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  }
}

export const roles = { pump, server };
