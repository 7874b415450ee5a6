import type { Lab } from '../lab/lab.ts';
import { sleep } from '../lab/process.ts';
import { giveAddresses } from './addresses.ts';
import * as bedside from './bedside.ts';
import * as directory from './directory.ts';
import * as facilities from './facilities.ts';
import type { HouseB } from './house.ts';
import * as network from './network.ts';
import * as services from './services.ts';
import type { Stage } from './stage.ts';

/** How long the discovery protocols are left to speak at the end. */
const QUIET_MILLIS = 5000;

/** What passes in house B, in this order. */
const scenes: Record<string, (stage: Stage) => Promise<void>> = {
  'addresses and names': giveAddresses,
  'SDC devices and their station': bedside.interoperate,
  'monitors export their data': bedside.exportData,
  'pumps and their server': bedside.infuse,
  'fetal monitor': bedside.monitorBirth,
  analysers: bedside.examineSamples,
  'glucose meter': bedside.measureGlucose,
  'nurse call': bedside.callNurse,
  'building control': facilities.controlBuilding,
  'medical gases': facilities.watchGases,
  lighting: facilities.dimLights,
  cameras: facilities.watchCameras,
  doors: facilities.openDoors,
  'location of beds': facilities.locateBeds,
  directory: async (stage) => {
    await directory.startDirectory(stage);
    await directory.useDirectory(stage);
    await directory.startKerberos(stage);
    await directory.signIn(stage);
  },
  mail: services.sendMail,
  logs: services.keepLogs,
  wireless: services.admitTablet,
  'remote screens': services.lookAtScreens,
  queue: services.queueResults,
  office: services.workInOffice,
  network: async (stage) => {
    network.announce(stage);
    await network.pollAgents(stage);
  },
};

/** Plays an hour in house B. Everything waits for its end or for a bound of its own. */
export async function playB(lab: Lab, house: HouseB, log: (message: string) => void): Promise<void> {
  for (const [name, scene] of Object.entries(scenes)) {
    log(`house B: ${name}`);
    await scene({ lab, house });
  }
  await sleep(QUIET_MILLIS);
}
