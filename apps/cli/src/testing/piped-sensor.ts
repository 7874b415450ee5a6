import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { batchOf, unsealed } from '../intake/spool/record.ts';
import { spoolFolder } from '../intake/spool/spooled.ts';
import { bin } from './run.ts';

/** A sensor in a process of its own that reads packets from a pipe, and that a test may kill. */
export class PipedSensor {
  static readonly #living = new Set<ChildProcess>();
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; stderr: string }>;

  /** @param args what follows `sense -` */
  constructor(args: readonly string[]) {
    const child = spawn(process.execPath, [bin, 'sense', '-', ...args, '--flush', '0.1'], {
      stdio: ['pipe', 'ignore', 'pipe'],
      env: { ...process.env, WARDLINE_DATA: '' },
    });
    PipedSensor.#living.add(child);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    this.child = child;
    this.ended = new Promise((resolve) =>
      child.on('close', (code) => {
        PipedSensor.#living.delete(child);
        resolve({ code, stderr });
      }),
    );
  }

  static killAll(): void {
    for (const child of PipedSensor.#living) child.kill('SIGKILL');
  }
}

/** Packets in the batches that wait on a sensor's disk. @param data the sensor's folder */
export async function spooledPackets(data: string, sensor: string): Promise<number> {
  const place = spoolFolder(join(data, 'sensor-spool'), sensor);
  let packets = 0;
  for (const name of await readdir(place).catch(() => [])) {
    if (!/\.(new|sent)$/.test(name)) continue;
    const bytes = await readFile(join(place, name)).catch(() => null);
    const body = bytes && unsealed(bytes);
    packets += (body && (await batchOf(body)))?.statistics.packets ?? 0;
  }
  return packets;
}
