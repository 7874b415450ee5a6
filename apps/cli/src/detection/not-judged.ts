import type { SensorBatch } from '@wardline/model';
import type { Watch } from '@wardline/watch';
import { counted } from '../terminal/units.ts';

/** Below this share of answered TCP conversations the recording shows one direction only. */
const ONE_SIDED = 0.1;
const LEAST_TO_TELL = 50;
const DAY = 86_400_000_000;

/** Gathers what a recording leaves open, so that silence of the watch is not taken for health. */
export class Doubts {
  #tcp = 0;
  #answered = 0;
  #arp = false;
  #devicesInClear = false;
  #shares = 0;
  #hiddenShares = 0;
  #lost = 0;
  #wireless = false;

  batch({ conversations, sightings, statistics }: SensorBatch): void {
    for (const { transport, packetsFromServer, application, protection } of conversations) {
      if (transport !== 'tcp') continue;
      this.#tcp += 1;
      if (packetsFromServer > 0) this.#answered += 1;
      if (application === 'smb') this.#shares += 1;
      if (application === 'smb' && protection === 'encrypted') this.#hiddenShares += 1;
      if (protection === 'clear') this.#devicesInClear = true;
    }
    this.#wireless ||= sightings.some(({ kind }) => kind === 'wifi.network');
    this.#arp ||= sightings.some(({ kind }) => kind === 'arp.binding' || kind === 'ndp.binding');
    for (const [cause, count] of Object.entries(statistics.dropped))
      if (cause === 'kernel-dropped') this.#lost += count;
    for (const count of Object.values(statistics.evicted)) this.#lost += count;
  }

  sentences(watch: Watch): string[] {
    const said: string[] = [];
    if (watch.baselines === null)
      said.push(
        'Nothing was learnt, so that new devices, peers, services and commands, unusual amounts, calls home within the house and silence were not judged. Give a recording of normal traffic with --learn.',
      );
    else said.push(...this.#aboutLearning(watch));
    if (this.#tcp >= LEAST_TO_TELL && this.#answered < ONE_SIDED * this.#tcp)
      said.push(
        'The recording shows one direction only: what looks like a scan or flood may be ordinary traffic.',
      );
    if (!this.#arp)
      said.push(
        'No ARP or neighbour discovery is in the recording, so that forged addresses were not judged.',
      );
    if (this.#wireless && watch.accessPoints === null)
      said.push(
        'Which access points are yours is not known: one that takes their name with the same protection was not told apart. Give your list with --access-points.',
      );
    if (this.#hiddenShares > 0)
      said.push(
        `${counted(this.#hiddenShares, 'conversation')} of ${this.#shares} with file servers were encrypted: what was done to files there was not judged.`,
      );
    if (!this.#devicesInClear && this.#tcp > 0)
      said.push('Nothing was spoken in clear: commands and sign-ins were not seen.');
    if (this.#lost > 0)
      said.push(
        `${counted(this.#lost, 'packet or piece of state', 'packets or pieces of state')} were lost or given up; what was in them was not judged.`,
      );
    return said;
  }

  #aboutLearning(watch: Watch): string[] {
    const baselines = [...watch.learnt.entries()];
    const distrusted = baselines.filter(([, { suspicious }]) => suspicious).map(([device]) => device);
    const first = Math.min(...baselines.map(([, baseline]) => baseline.first));
    const last = Math.max(...baselines.map(([, baseline]) => baseline.last));
    const said: string[] = [];
    if (baselines.length === 0) said.push('No device was in what was to be learnt.');
    else if (last - first < 7 * DAY)
      said.push('Less than a week was learnt: what happens on other days or at other hours is told as new.');
    if (distrusted.length > 0)
      said.push(
        `Not held against habit, since they did what looks wrong while normal traffic was learnt: ${distrusted.slice(0, 8).join(', ')}${distrusted.length > 8 ? ` and ${distrusted.length - 8} more` : ''}.`,
      );
    return said;
  }
}
