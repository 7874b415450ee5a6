import type { Sensor, SensorDelta } from '../engine.ts';

/** What a sensor that saw little hands over at its end. For tests only. */
export function onlyDelta(sensor: Sensor): SensorDelta {
  const [delta, ...others] = sensor.finish();
  if (delta === undefined || others.length > 0)
    throw new Error(`expected one delta, found ${others.length + 1}`);
  return delta;
}
