import type { Lab } from '../lab/lab.ts';
import type { Device } from '../ward/device.ts';
import { device } from '../ward/roster.ts';
import { secrets } from '../ward/secrets.ts';
import type { KeyPair } from './certificates.ts';

export async function startBroker(lab: Lab, authority: KeyPair, server: KeyPair): Promise<void> {
  const broker = device('mqtt-1');
  const passwords = lab.file('mosquitto/passwords', '', 0o600);
  await lab.must(['mosquitto_passwd', '-b', passwords, secrets.mqttUser, secrets.mqttPassword]);
  const config = lab.file(
    'mosquitto/mosquitto.conf',
    [
      'user root',
      'allow_anonymous true',
      `password_file ${passwords}`,
      'listener 1883',
      'listener 8883',
      `cafile ${authority.certificate}`,
      `certfile ${server.certificate}`,
      `keyfile ${server.key}`,
      '',
    ].join('\n'),
  );
  lab.startOn(broker, ['mosquitto', '-c', config]);
  await lab.listening(broker, 1883);
  await lab.listening(broker, 8883);
}

/** The ventilator publishes without proving who it is, the pumps with a shared password, the gateway over TLS. */
export async function publishTelemetry(lab: Lab, authority: KeyPair): Promise<void> {
  const user = ['-u', secrets.mqttUser, '-P', secrets.mqttPassword];
  const vent = device('vent-1');
  await publish(lab, vent, [], 'icu2/ventilator/02', '{"vt":480,"rate":14,"peep":6,"fio2":0.4}');
  await publish(lab, device('pump-1'), user, 'icu2/pump/1', '{"rate":12.5,"vtbi":180,"state":"infusing"}');
  await publish(lab, device('pump-2'), user, 'icu2/pump/2', '{"rate":4.0,"vtbi":40,"state":"infusing"}');
  const tls = ['-p', '8883', '--cafile', authority.certificate];
  await publish(lab, device('mongw-1'), tls, 'icu2/gateway', '{"devices":3}');
}

async function publish(
  lab: Lab,
  from: Device,
  options: string[],
  topic: string,
  message: string,
): Promise<void> {
  const identity = ['-i', from.hostname];
  const argv = ['mosquitto_pub', '-h', 'mqtt1.hospital.example', ...identity, ...options];
  await lab.mustOn(from, [...argv, '-t', topic, '-m', message]);
}
