/** Access points of all sites: a large hospital has some thousand radios, each with a few networks. */
export const ACCESS_POINTS = 50_000;
/** Networks that were heard and are told, the latest first: a city's street holds some hundred. */
export const HEARD_NETWORKS = 2000;
/** Bluetooth devices that are told, those of care first: a ward's telemetry and visitors' watches are some hundred. */
export const BLUETOOTH_DEVICES = 2000;
