import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { appendFile, mkdtemp, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IntakeServer } from '../testing/intake-server.ts';
import { bin } from '../testing/run.ts';
import { followRotation } from './rotation.ts';

vi.setConfig({ testTimeout: 120_000 });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardline-rotation-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Follows in the background and keeps what was read of each file. */
function follow(pattern = folder) {
  const ending = new AbortController();
  const read: { name: string; text: string }[] = [];
  const ended = (async () => {
    for await (const { name, chunks } of followRotation(pattern, ending.signal)) {
      const file = { name, text: '' };
      read.push(file);
      for await (const chunk of chunks) file.text += Buffer.from(chunk).toString();
    }
  })();
  const stop = () => {
    ending.abort();
    return ended;
  };
  return { read, stop };
}

const text = (mark: string, length = 2000) => mark.repeat(length);
let clock = 1_700_000_000;
async function write(name: string, content: string): Promise<void> {
  await writeFile(join(folder, name), content);
  clock += 1;
  await utimes(join(folder, name), clock, clock);
}

describe('a rotation', () => {
  it('is read oldest first, the newest as it grows, each file once', async () => {
    await write('b.pcap', text('1'));
    await write('a.pcap', text('2'));
    await write('notes.txt', text('x'));
    const { read, stop } = follow();
    await expect.poll(() => read.map(({ name }) => name), { timeout: 90_000 }).toEqual(['b.pcap', 'a.pcap']);
    await appendFile(join(folder, 'a.pcap'), 'more');
    await expect.poll(() => read[1]?.text, { timeout: 90_000 }).toBe(`${text('2')}more`);
    clock = Date.now() / 1000 + 10;
    await write('c.pcap', text('3'));
    await expect.poll(() => read.length, { timeout: 90_000 }).toBe(3);
    await pause(1500);
    await stop();
    expect(read.map(({ name, text: all }) => [name, all.length])).toEqual([
      ['b.pcap', 2000],
      ['a.pcap', 2004],
      ['c.pcap', 2000],
    ]);
  });

  it('that comes around to a name again is read on: the file was cut and begun anew', async () => {
    await write('cap.pcap0', text('1', 4000));
    const { read, stop } = follow();
    await expect.poll(() => read[0]?.text.length, { timeout: 90_000 }).toBe(4000);
    await truncate(join(folder, 'cap.pcap0'), 0);
    await appendFile(join(folder, 'cap.pcap0'), text('2', 3000));
    await expect.poll(() => read[1]?.text, { timeout: 90_000 }).toBe(text('2', 3000));
    await stop();
    expect(read.map(({ name }) => name)).toEqual(['cap.pcap0', 'cap.pcap0']);
  });

  it('goes on where a file was deleted, and waits where there is none yet', async () => {
    const { read, stop } = follow(join(folder, '*.pcap'));
    await pause(700);
    await write('a.pcap', text('1'));
    await expect.poll(() => read.length, { timeout: 90_000 }).toBe(1);
    await rm(join(folder, 'a.pcap'));
    await write('b.pcap', text('2'));
    await expect.poll(() => read[1]?.text, { timeout: 90_000 }).toBe(text('2'));
    await stop();
  });

  it('begins a small file when it is large enough to be told from others, or over', async () => {
    await write('a.pcap', text('1', 100));
    const { read, stop } = follow();
    await pause(1200);
    expect(read).toEqual([]);
    await write('b.pcap', text('2', 100));
    await expect.poll(() => read.map((file) => file.text.length), { timeout: 90_000 }).toEqual([100]);
    await appendFile(join(folder, 'b.pcap'), text('2', 1000));
    await expect.poll(() => read[1]?.text.length, { timeout: 90_000 }).toBe(1100);
    await stop();
  });
});

function installed(program: string): boolean {
  if (spawnSync(program, ['--version']).error !== undefined) return false;
  const { stderr } = spawnSync('timeout', ['-s', 'INT', '1', program, '-i', 'lo', '-w', '/dev/null']);
  return !/permission|not permitted/i.test(String(stderr));
}

const sent = 300;
const rotations: [string, string[], (path: string, filter: string) => string[]][] = [
  [
    'dumpcap',
    ['dumpcap'],
    (path, filter) => ['-q', '-i', 'lo', '-f', filter, '-b', 'packets:60', '-w', path],
  ],
  [
    'tcpdump',
    ['tcpdump'],
    (path, filter) => ['-i', 'lo', '-U', '-Z', 'root', '-C', '1', '-W', '3', '-w', path, filter],
  ],
];

describe.each(rotations)(
  'files that %s rotates on a live interface',
  (_name, [program = ''], argumentsFor) => {
    it.skipIf(!installed(program))('count each packet once, also over a stop and a start', async () => {
      const server = new IntakeServer();
      const url = await server.listen();
      await writeFile(join(folder, 'cli-token'), `${server.token}\n`);
      const port = 20_000 + ((process.pid * 7) % 20_000) + program.length;
      const path = join(folder, 'ring.pcap');
      const capture = spawn(program, argumentsFor(path, `udp dst port ${port}`), { stdio: 'ignore' });
      const senseArgs = [
        'sense',
        '--follow',
        join(folder, 'ring*'),
        '--server',
        url,
        '--data',
        folder,
        '--flush',
        '0.05',
      ];
      const begin = () => spawn(process.execPath, [bin, ...senseArgs], { stdio: 'ignore' });
      const counted = () => server.batches.reduce((sum, { statistics }) => sum + statistics.packets, 0);
      const socket = createSocket('udp4');
      // Large enough that a megabyte is soon full.
      const send = () =>
        new Promise((resolve) => socket.send(Buffer.alloc(8000, 7), port, '127.0.0.1', resolve));
      try {
        await pause(1500);
        let child = begin();
        for (let i = 0; i < sent; i++) {
          await send();
          await pause(5);
          if (i !== sent / 2) continue;
          // Wherever it was: the next run goes on there.
          child.kill('SIGTERM');
          await new Promise((resolve) => child.once('exit', resolve));
          child = begin();
        }
        await expect.poll(async () => counted(), { timeout: 90_000 }).toBeGreaterThanOrEqual(sent * 0.8);
        capture.kill('SIGINT');
        await pause(2500);
        const before = counted();
        child.kill('SIGINT');
        expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
        expect(before).toBeLessThanOrEqual(sent);
        const streams = new Set(server.batches.map(({ stream }) => stream));
        expect(streams.size).toBeGreaterThan(1);
        expect([...streams].every((stream) => stream.startsWith('follow-'))).toBe(true);
      } finally {
        capture.kill('SIGKILL');
        socket.close();
        server.close();
      }
    });
  },
);
