import { secrets } from '../ward/secrets.ts';
import { type Stage, say, serve } from './stage.ts';

const BACNET = 47808;

export async function controlBuilding(stage: Stage): Promise<void> {
  const { house } = stage;
  const controllers = [
    { id: 'ahu-b1', instance: 170031, description: 'Air handling theatres', location: 'Roof B' },
    { id: 'ahu-b2', instance: 170032, description: 'Heating', location: 'Basement B' },
  ];
  // The registry of vendor identifiers at ASHRAE: 7 Siemens, 5 Johnson Controls, 8 Delta Controls.
  const vendors: Record<string, number> = { Siemens: 7, 'Johnson Controls': 5, 'Delta Controls': 8 };
  for (const { id, ...controller } of controllers) {
    const vendorId = vendors[house.device(id).vendor ?? ''] ?? 0;
    await serve(stage, id, ['bacnet', 'controller'], { udp: BACNET }, { ...controller, vendorId });
  }
  const hosts = controllers.map(({ id }) => house.device(id).ip);
  const instances = controllers.map(({ instance }) => String(instance));
  await say(stage, 'bms-b1', ['bacnet', 'workstation'], { port: BACNET, hosts, instances });
}

export async function watchGases(stage: Stage): Promise<void> {
  const at = stage.house.port('gas-b1', 502);
  await serve(stage, 'gas-b1', ['modbus', 'panel'], { tcp: at });
  await say(stage, 'gasgw-b1', ['modbus', 'gateway'], { host: stage.house.device('gas-b1').ip, port: at });
}

export async function dimLights(stage: Stage): Promise<void> {
  await serve(stage, 'light-b1', ['coap', 'lights'], { udp: 5683 });
  await say(stage, 'bms-b1', ['coap', 'panel'], { host: stage.house.device('light-b1').ip, port: 5683 });
}

/** The recorder finds the cameras, asks what they are, and takes their pictures. */
export async function watchCameras(stage: Stage): Promise<void> {
  const { house } = stage;
  const cameras = ['cam-b1', 'cam-b2'];
  for (const [n, id] of cameras.entries()) {
    const more = {
      uuid: `0a1b0000-0000-4000-8000-00000000000${n + 1}`,
      place: `hospital${n + 1}`,
      web: house.identity(id).agent ?? '',
    };
    await serve(stage, id, ['onvif', 'camera'], { tcp: house.port(id, 80) }, more);
    await serve(stage, id, ['rtsp', 'camera'], { tcp: 554 }, more);
  }
  await say(stage, 'nvr-b1', ['onvif', 'recorder']);
  const login = { user: secrets.rtspUser, password: secrets.rtspPassword };
  for (const id of cameras)
    await say(stage, 'nvr-b1', ['rtsp', 'recorder'], { host: house.device(id).ip, port: 554, ...login });
}

export async function locateBeds(stage: Stage): Promise<void> {
  const at = stage.house.port('rtlsrv-b1', 1144);
  await serve(stage, 'rtlsrv-b1', ['rtls', 'server'], { udp: at });
  const tags = ['02:10:18:00:00:01', '02:10:18:00:00:02', '02:10:18:00:00:03'];
  await say(stage, 'rtls-b1', ['rtls', 'gateway'], {
    host: stage.house.device('rtlsrv-b1').ip,
    port: at,
    tags,
  });
}

export async function openDoors(stage: Stage): Promise<void> {
  const at = stage.house.port('acc-b1', 4070);
  await serve(stage, 'acc-b1', ['badge', 'controller'], { tcp: at });
  const to = { host: stage.house.device('acc-b1').ip, port: at };
  await say(stage, 'door-b1', ['badge', 'reader'], { ...to, cards: ['1201', '1202'] });
  await say(stage, 'door-b2', ['badge', 'reader'], { ...to, cards: ['1203'] });
}
