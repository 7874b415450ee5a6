/** Firmware: a repository of The Update Framework whose root and targets keys stay with people, and what it offers to devices. */
export { deviceFirmwareRoutes } from './device/routes.ts';
export { firmwareEvidence } from './evidence.ts';
export { refreshPosture } from './posture.ts';
export { FirmwareRounds } from './rounds.ts';
export { firmwareRoutes } from './routes.ts';
