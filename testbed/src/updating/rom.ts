/**
 * `node rom.ts FOLDER AGENT…`: what a pump can never change. It has the agent say from which slot to start, starts what lies there, and
 * starts anew when that ends or gives no sign of life. Power is cut by killing it with all that it started.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

/** As long as a watchdog waits for a sign of life. */
const SILENCE_MILLIS = 6000;
const [folder = '', program = '', ...before] = process.argv.slice(2);

for (;;) {
  const image = execFileSync(program, [...before, 'boot', '--folder', folder], { encoding: 'utf8' }).trim();
  process.stdout.write(`start ${image}\n`);
  const child = spawn(process.execPath, [image], { stdio: ['ignore', 'pipe', 'inherit'] });
  const bite = () => void child.kill('SIGKILL');
  let watchdog = setTimeout(bite, SILENCE_MILLIS);
  child.stdout.on('data', (said: Buffer) => {
    clearTimeout(watchdog);
    watchdog = setTimeout(bite, SILENCE_MILLIS);
    const words = said.toString('utf8').replaceAll('alive\n', '');
    if (words !== '') process.stdout.write(words);
  });
  await once(child, 'close');
  clearTimeout(watchdog);
}
