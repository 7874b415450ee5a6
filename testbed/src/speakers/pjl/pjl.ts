import { dial, type Line, listen, type Measure, port, type Role, text } from '../talk.ts';

/** Universal exit language: begins and ends a job (PJL Technical Reference §2). */
const UEL = '\x1b%-12345X';
const byFormFeed: Measure = (held) => {
  const end = held.indexOf('\f');
  return end < 0 ? null : end + 1;
};
const byJob: Measure = (held) => {
  const end = held.indexOf(UEL, UEL.length);
  return end < 0 ? null : end + UEL.length;
};

const client: Role = async (told) => {
  const line = await dial(text(told, 'host'), port(told));
  await line.ask(byFormFeed, `${UEL}@PJL\r\n@PJL INFO ID\r\n${UEL}`);
  line.send(`${UEL}@PJL JOB NAME="canteen plan"\r\n@PJL ENTER LANGUAGE=PCL\r\nweek 48\f@PJL EOJ\r\n${UEL}`);
  line.close();
};

const printer: Role = (told) => listen(port(told), (line) => serve(line, text(told, 'model')));

async function serve(line: Line, model: string): Promise<void> {
  for (;;) {
    const heard = await line.receive(byJob);
    if (heard === null) return;
    if (heard.includes('INFO ID')) line.send(`@PJL INFO ID\r\n"${model}"\r\n\f`);
  }
}

export const roles = { client, printer };
